using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Authentication;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// Credentials from a program that the kubeconfig names (<c>users[].user.exec</c>), such as those of cloud providers.
/// KubernetesClient's own way joins the arguments with spaces, ignores the exit code, and doesn't pass the cluster on.
/// </summary>
/// <param name="exec"><c>{apiVersion, command, args: […], env: [{name, value}], installHint, provideClusterInfo,
/// interactiveMode}</c></param>
internal sealed class ExecCredentials(YamlMap exec, YamlMap cluster) : ITokenProvider
{
    private static readonly TimeSpan s_early = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _once = new(1, 1);
    private Credential? _credential;

    private string Program => exec.Text("command") ?? "";

    /// <summary>Puts what doesn't change during a connection into its configuration: the client certificate.</summary>
    public async Task ApplyAsync(KubernetesClientConfiguration configuration, CancellationToken cancellationToken)
    {
        var credential = await GetAsync(cancellationToken);
        if (credential.Certificate is { } certificate && credential.Key is { } key)
        {
            configuration.ClientCertificateData = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate));
            configuration.ClientCertificateKeyData = Convert.ToBase64String(Encoding.ASCII.GetBytes(key));
        }

        configuration.TokenProvider = credential.Token is null ? null : this;
    }

    /// <summary>The cluster refused what the program gave: it is asked again.</summary>
    public void Forget() => _credential = null;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await GetAsync(cancellationToken)).Token);

    private async Task<Credential> GetAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken);
        try
        {
            return _credential is { } known && (known.Expires is null || known.Expires > DateTimeOffset.UtcNow + s_early)
                ? known
                : _credential = await RunAsync(cancellationToken);
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<Credential> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, exec.List("args")?.OfType<YamlScalar>().Select(a => a.Text) ?? [])
        {
            RedirectStandardOutput = true,
        };
        foreach (var variable in exec.ItemsAt("env"))
        {
            start.Environment[variable.Text("name") ?? ""] = variable.Text("value");
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Information();
        using var process = Start(start);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? Read(output) : throw Refused($"ended with exit code {process.ExitCode}");
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw Refused($"isn't installed. {OneLine.Of(exec.Text("installHint"))}".TrimEnd());
        }
    }

    private string Information()
    {
        var spec = new JsonObject { ["interactive"] = !Console.IsInputRedirected && exec.Text("interactiveMode") != "Never" };
        if (exec.IsTrue("provideClusterInfo"))
        {
            var file = cluster.Text("certificate-authority");
            spec["cluster"] = new JsonObject
            {
                ["server"] = cluster.Text("server"),
                ["tls-server-name"] = cluster.Text("tls-server-name"),
                ["insecure-skip-tls-verify"] = cluster.IsTrue("insecure-skip-tls-verify"),
                ["certificate-authority-data"] = cluster.Text("certificate-authority-data")
                    ?? (file is null ? null : Convert.ToBase64String(File.ReadAllBytes(file))),
            };
        }

        return new JsonObject { ["apiVersion"] = exec.Text("apiVersion"), ["kind"] = "ExecCredential", ["spec"] = spec }
            .ToJsonString();
    }

    // {"kind": "ExecCredential", "status": {"expirationTimestamp": …, "token": …, "clientCertificateData": …, "clientKeyData":
    // …}}
    private Credential Read(string output)
    {
        try
        {
            var status = JsonNodes.ReadObjects(output) is [var one, ..] ? one.Map("status") : null;
            var credential = new Credential(
                status?.Text("token"), status?.Text("clientCertificateData"), status?.Text("clientKeyData"),
                status?.TimeAt("expirationTimestamp"));
            return credential.Token is null && credential.Certificate is null
                ? throw Refused("gave neither a token nor a certificate")
                : credential;
        }
        catch (Exception exception) when (exception is JsonException or InvalidCastException)
        {
            throw Refused("wrote something that isn't an ExecCredential");
        }
    }

    private ClusterException Refused(string why) =>
        new(ClusterErrorReason.Unauthorized, $"The kubeconfig gets its credentials from the program '{Program}', which {why}");

    private sealed record Credential(string? Token, string? Certificate, string? Key, DateTimeOffset? Expires);
}
