using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Authentication;
using MonoRepo.Deploy.Yaml;
using YamlDotNet.Core;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// The kubeconfig as kubectl reads it: the files of <c>KUBECONFIG</c> merged, where the first that has a name wins, else
/// <c>~/.kube/config</c>; in a pod without one, its service account. (KubernetesClient merges several files only for the current
/// context, and knows no proxy.)
/// </summary>
internal sealed class Kubeconfig
{
    private static readonly string[] s_lists = ["clusters", "users", "contexts"];
    private static readonly string[] s_files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

    private readonly Dictionary<string, YamlMap> _entries;
    private readonly string _place;

    private Kubeconfig(Dictionary<string, YamlMap> entries, string? currentContext, string place)
    {
        _entries = entries;
        _place = place;
        CurrentContext = currentContext;
    }

    /// <summary>The context that is chosen at the moment; null: none.</summary>
    public string? CurrentContext { get; }

    /// <summary>Names of the contexts.</summary>
    public IReadOnlyList<string> Contexts =>
        [.. _entries.Keys.Where(k => k.StartsWith("contexts/", StringComparison.Ordinal)).Select(k => k["contexts/".Length..])];

    /// <summary>Reads it.</summary>
    /// <param name="files">Files, separated as in <c>KUBECONFIG</c>; null: where kubectl looks.</param>
    /// <exception cref="ClusterException">A file can't be read.</exception>
    public static Kubeconfig Load(string? files = null)
    {
        files ??= Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } variable ? variable : DefaultFile;
        var entries = new Dictionary<string, YamlMap>();
        string? current = null;
        foreach (var file in files.Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(File.Exists))
        {
            var config = Read(file);
            current ??= config.Text("current-context") is { Length: > 0 } context ? context : null;
            foreach (var list in s_lists)
            {
                foreach (var item in config.ItemsAt(list).Where(i => i.Text("name") is not null))
                {
                    var value = item.Map(list[..^1]) ?? [];
                    MakeAbsolute(value, Path.GetDirectoryName(Path.GetFullPath(file))!);
                    entries.TryAdd($"{list}/{item.Text("name")}", value);
                }
            }
        }

        return new(entries, current, files);
    }

    /// <summary>How to reach the cluster of a context, and as whom.</summary>
    /// <exception cref="ClusterException">There is no such context, or its user has no credentials.</exception>
    internal (KubernetesClientConfiguration Configuration, ExecCredentials? Plugin) Connection(string context)
    {
        if (_entries.Count == 0 && KubernetesClientConfiguration.IsInCluster())
        {
            return (KubernetesClientConfiguration.InClusterConfig(), null);
        }

        if (_entries.Count == 0)
        {
            throw NoContext(
                $"There is no kubeconfig ({_place}). docs/k3d.md makes a cluster on this machine; for another one, get its " +
                "kubeconfig and set KUBECONFIG.");
        }

        var chosen = Find(
            "contexts", context, $"The kubeconfig has no context '{context}'. It has: {string.Join(", ", Contexts)}.");
        var cluster = Find(
            "clusters", chosen.Text("cluster"), $"The kubeconfig's context '{context}' names no cluster that it has.");
        var user = chosen.Text("user") is { Length: > 0 } name ? Find(
            "users", name, $"The kubeconfig's context '{context}' names the user '{name}', which it doesn't have.") : [];
        try
        {
            return Connection(context, cluster, user);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException
            or CryptographicException)
        {
            throw NoContext($"The certificates of the kubeconfig's context '{context}' can't be read: {exception.Message}");
        }
    }

    private static string DefaultFile =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");

    private static (KubernetesClientConfiguration Configuration, ExecCredentials? Plugin) Connection(
        string context, YamlMap cluster, YamlMap user)
    {
        if (!Uri.TryCreate(cluster.Text("server"), UriKind.Absolute, out var server))
        {
            throw NoContext($"The cluster of the kubeconfig's context '{context}' has no server: '{cluster.Text("server")}'.");
        }

        var plugin = user.Map("exec") is { } exec ? new ExecCredentials(exec, cluster) : null;
        var configuration = new KubernetesClientConfiguration
        {
            Host = server.ToString(),
            SkipTlsVerify = cluster.IsTrue("insecure-skip-tls-verify"),
            SslCaCerts = cluster.Text("certificate-authority-data") is { Length: > 0 } data
                ? Certificates(Encoding.UTF8.GetString(Convert.FromBase64String(data)))
                : cluster.Text("certificate-authority") is { Length: > 0 } file ? Certificates(File.ReadAllText(file)) : null,
            ClientCertificateData = user.Text("client-certificate-data") ?? Encoded(user.Text("client-certificate")),
            ClientCertificateKeyData = user.Text("client-key-data") ?? Encoded(user.Text("client-key")),
            AccessToken = user.Text("token"),
            Username = user.Text("username"),
            Password = user.Text("password"),
            TokenProvider = plugin as ITokenProvider ?? TokenProvider(user),
        };
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.AutomaticDecompression = System.Net.DecompressionMethods.GZip;
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
            handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            if (cluster.Text("tls-server-name") is { Length: > 0 } name)
            {
                handler.SslOptions.TargetHost = name;
            }

            if (cluster.Text("proxy-url") is { Length: > 0 } proxy)
            {
                handler.Proxy = new System.Net.WebProxy(proxy);
            }
        };
        return (configuration, plugin);
    }

    private static ITokenProvider? TokenProvider(YamlMap user)
    {
        if (user.Text("token") is null && user.Text("tokenFile") is { Length: > 0 } file)
        {
            return new TokenFileAuth(file);
        }

        // {name: oidc, config: {client-id, client-secret, idp-issuer-url, id-token, refresh-token}}; other providers became exec
        // plugins.
        return user.Map("auth-provider") is { } provider && provider.Text("name") == "oidc" && provider.Map("config") is { } oidc
            ? new OidcTokenProvider(
                oidc.Text("client-id"), oidc.Text("client-secret"), oidc.Text("idp-issuer-url"), oidc.Text("id-token"),
                oidc.Text("refresh-token"))
            : null;
    }

    private static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static string? Encoded(string? file) => file is null ? null : Convert.ToBase64String(File.ReadAllBytes(file));

    private static YamlMap Read(string file)
    {
        try
        {
            return YamlReader.ReadAll(File.ReadAllText(file)) is [YamlMap config, ..] ? config : [];
        }
        catch (Exception exception) when (exception is YamlException or IOException or UnauthorizedAccessException)
        {
            throw NoContext($"The kubeconfig {file} can't be read: {OneLine.Of(exception.Message)}");
        }
    }

    // Paths are relative to the file that states them; a command without a slash is looked for on the PATH.
    private static void MakeAbsolute(YamlMap value, string folder)
    {
        foreach (var key in s_files)
        {
            if (value.Text(key) is { Length: > 0 } path)
            {
                value[key] = new YamlScalar(Path.Combine(folder, path));
            }
        }

        if (value.Map("exec") is { } exec && exec.Text("command") is { } command
            && command.Contains('/', StringComparison.Ordinal))
        {
            exec["command"] = new YamlScalar(Path.GetFullPath(Path.Combine(folder, command)));
        }
    }

    private static ClusterException NoContext(string message) => new(ClusterErrorReason.NoContext, message);

    private YamlMap Find(string list, string? name, string missing) =>
        _entries.GetValueOrDefault($"{list}/{name}") ?? throw NoContext(missing);
}

/// <summary>An environment names its kube context. Who works in another one at the moment has not meant this one.</summary>
internal static class ContextGuard
{
    /// <summary>Looks at the kubeconfig only; nothing of a cluster has been read or written when this refuses.</summary>
    /// <exception cref="DeployException">The current context is another one.</exception>
    public static void Check(Kubeconfig kubeconfig, string wanted, string environment)
    {
        var current = kubeconfig.CurrentContext;
        if (kubeconfig.Contexts.Count > 0 && current != wanted)
        {
            throw new DeployException(
                $"Environment '{environment}' is in the context '{wanted}', but the current context is " +
                $"{(current is null ? "not set" : $"'{current}'")}. "
                + $"Choose it with `kubectl config use-context {wanted}`, or name another for yourself with " +
                $"--Environments:{environment}:Context.");
        }
    }
}
