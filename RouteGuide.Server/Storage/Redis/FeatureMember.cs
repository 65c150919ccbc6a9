using System.Buffers.Text;
using System.Text;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>
/// A feature as the member of a sorted set: <c>409146138,-746188906 Berkshire Valley</c>, readable in redis-cli.
/// </summary>
internal static class FeatureMember
{
    public static string Format(NamedLocation feature) => $"{feature.Location} {feature.Name}";

    public static string NameOf(ReadOnlySpan<byte> member) => Encoding.UTF8.GetString(member[(member.IndexOf((byte)' ') + 1)..]);

    public static Location LocationOf(ReadOnlySpan<byte> member)
    {
        if (!Utf8Parser.TryParse(member, out int latitude, out var comma) ||
            !Utf8Parser.TryParse(member[(comma + 1)..], out int longitude, out _))
        {
            throw new FormatException($"'{Encoding.UTF8.GetString(member)}' is no feature; expected 'LATITUDE,LONGITUDE NAME'.");
        }

        return new Location(latitude, longitude);
    }
}
