using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace MonoRepo.Hosting.App;

/// <summary>Keeps generated values in the user secrets of the AppHost; without an id only for this run.</summary>
internal sealed class UserSecretsStore(string? file) : IGeneratedValueStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _thisRun = [];

    internal static UserSecretsStore Create(IConfiguration configuration, Assembly? appHost)
    {
        var id = configuration["DOTNET_USER_SECRETS_ID"] ?? configuration["ASPIRE_USER_SECRETS_ID"]
            ?? appHost?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
        return new UserSecretsStore(id is null ? null : PathHelper.GetSecretsPathFromSecretsId(id));
    }

    public string GetOrAdd(string configurationKey, Func<string> generate)
    {
        lock (_gate)
        {
            if (_thisRun.TryGetValue(configurationKey, out var known))
            {
                return known;
            }

            var value = file is null ? generate() : GetOrAddToFile(file, configurationKey, generate);
            return _thisRun[configurationKey] = value;
        }
    }

    private static string GetOrAddToFile(string file, string key, Func<string> generate)
    {
        var secrets = File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } text
            ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject()
            : [];
        if (secrets[key]?.GetValue<string>() is { } kept)
        {
            return kept;
        }

        var value = generate();
        secrets[key] = value;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        // Readable by its owner only, from the first byte; in place in one step.
        var temporary = $"{file}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(secrets.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        }

        File.Move(temporary, file, overwrite: true);
        return value;
    }
}
