using System.Text.Json.Serialization;

namespace Aspire.Hosting;

/// <summary>Content of a launchSettings.json.</summary>
public sealed class LaunchSettings
{
    /// <summary>Profiles by name, in the order of the file.</summary>
    [JsonPropertyName("profiles")]
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
}
