using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// What <c>docker login</c> or <c>podman login --compat-auth-file</c> has stored: the same that the SDK pushes with.
/// </summary>
internal static class DockerCredentials
{
    private const string HubKey = "https://index.docker.io/v1/";

    public static NetworkCredential? Find(string host)
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var file = Path.Combine(folder, "config.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            return Find(json.RootElement, host == RegistryReference.DockerHub ? HubKey : host);
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // {"auths": {"ghcr.io": {"auth": "base64 of user:password"}}, "credHelpers": {"gcr.io": "gcloud"}, "credsStore": "desktop"}
    private static NetworkCredential? Find(JsonElement config, string key)
    {
        if (config.TryGetProperty("auths", out var auths) && auths.TryGetProperty(key, out var entry)
            && entry.TryGetProperty("auth", out var auth) && auth.GetString() is { Length: > 0 } encoded)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Split(':', 2);
            return new(pair[0], pair.Length > 1 ? pair[1] : "");
        }

        var helper = config.TryGetProperty("credHelpers", out var helpers) && helpers.TryGetProperty(key, out var own)
            ? own.GetString()
            : config.TryGetProperty("credsStore", out var store) ? store.GetString() : null;
        return string.IsNullOrEmpty(helper) ? null : Ask(helper, key);
    }

    // docker-credential-gcloud get <<< gcr.io prints {"Username": "…", "Secret": "…"}
    private static NetworkCredential? Ask(string helper, string key)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo($"docker-credential-{helper}", ["get"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardInput.Write(key);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                return null;
            }

            using var json = JsonDocument.Parse(output);
            return new(json.RootElement.GetProperty("Username").GetString(), json.RootElement.GetProperty("Secret").GetString());
        }
        catch (Exception e) when (e is Win32Exception or KeyNotFoundException)
        {
            return null;
        }
    }
}
