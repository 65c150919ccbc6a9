using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>A kubeconfig of a user without rights, for the cluster of the present one; its file goes with it.</summary>
internal sealed class NobodyConfig : IDisposable
{
    /// <summary>User and context.</summary>
    public const string User = "nobody";

    private readonly TemporaryFolder _folder = new();

    public string Path => System.IO.Path.Combine(_folder.Path, "config");

    public void Write(string token, string context) => TestKubeconfig.Write(Path, context, config =>
    {
        config["current-context"] = new YamlScalar(User);
        config["users"] = new YamlList([new YamlMap().Add("name", User).Add("user", new YamlMap().Add("token", token))]);
        var used = (YamlMap)config.List("contexts")![0];
        used["name"] = new YamlScalar(User);
        used.Map("context")!["user"] = new YamlScalar(User);
    });

    public void Dispose() => _folder.Dispose();
}

/// <summary>Kubeconfigs made of the present one.</summary>
internal static class TestKubeconfig
{
    /// <summary>Writes the present one, with one context only, after a change.</summary>
    internal static void Write(string path, string context, Action<YamlMap> change)
    {
        var file = Environment.GetEnvironmentVariable("KUBECONFIG")!.Split(System.IO.Path.PathSeparator)[0];
        var config = (YamlMap)YamlReader.ReadAll(File.ReadAllText(file))[0];
        config["contexts"] = new YamlList(config.List("contexts")!.Where(c => ((YamlMap)c).Text("name") == context));
        change(config);
        File.WriteAllText(path, YamlWriter.ToText(config));
    }
}
