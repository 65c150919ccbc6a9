using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

internal static class Yaml
{
    public static YamlMap Map(string text) => (YamlMap)Assert.Single(YamlReader.ReadAll(text));
}
