namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>A place on earth in degrees times 10^7; always within the bounds.</summary>
internal readonly record struct Location(int Latitude, int Longitude)
{
    public const int MaxLatitude = 900_000_000;
    public const int MaxLongitude = 1_800_000_000;

    public override string ToString() => $"{Latitude},{Longitude}";
}

/// <summary>A place with its name.</summary>
internal readonly record struct NamedLocation(Location Location, string Name);
