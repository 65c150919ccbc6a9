using System.Text.Json;
using MonoRepo.RouteGuide.Server.Storage;

namespace MonoRepo.RouteGuide.Server.Data;

/// <summary>
/// The places that the service starts with, from <c>features.json</c>. <see cref="Version"/> goes up with every change of the
/// file; servers bring the data of Redis forward to it, never back.
/// </summary>
internal sealed record FeatureData(long Version, IReadOnlyList<NamedLocation> Features)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static FeatureData Load()
    {
        using var stream = typeof(FeatureData).Assembly.GetManifestResourceStream("features.json")!;
        var file = JsonSerializer.Deserialize<FileContent>(stream, s_json)!;
        return new FeatureData(file.Version, [.. file.Features.Select(place =>
            new NamedLocation(new Location(place.Latitude, place.Longitude), place.Name))]);
    }

    private sealed record FileContent(long Version, IReadOnlyList<Place> Features);

    private sealed record Place(int Latitude, int Longitude, string Name);
}
