using MonoRepo.Hosting.Kubernetes.Output;

namespace MonoRepo.Tests.Deploy;

internal static class Yaml
{
    public static YamlMap Map(string text) => (YamlMap)Assert.Single(YamlReader.ReadAll(text));
}
