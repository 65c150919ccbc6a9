namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>
/// The layout of the store, in this one place. All positions are Z-order codes (<see cref="ZOrder"/>); the upper 30 of their 64
/// bits are a cell (0.013 degrees a side, 1.5 km), the upper 16 a region (1.7 degrees, 128 x 128 cells).
/// <code>
/// rg:{c:CELL}:features:vN   sorted set   score: code within the cell (34 bits)   member: "LAT,LON NAME"
/// rg:{r:REGION}:cells:vN    sorted set   score: cell within the region (14 bits) member: CELL of each cell that holds something
/// rg:{root}:regions:vN      sorted set   score: region (16 bits)                 member: REGION of each that holds something
/// rg:{root}:version         string       N that is served; older ones expire
/// rg:{root}:seeding         string       lock of the one that writes, expires by itself
/// rg:{c:CELL}:notes:LAT,LON list         notes at a location, oldest first
/// </code>
/// The hash tag of a cell spreads cells over the shards and keeps what belongs to one cell together. A feature is found by one
/// command, since score and location are the same thing; an area is a few score ranges of the cells that exist in it.
/// </summary>
internal static class FeatureKeys
{
    /// <summary>Bits of a side of a cell.</summary>
    public const int CellBits = 17;

    /// <summary>Bits of a side of a region.</summary>
    public const int RegionBits = 24;

    private const int CellShift = 2 * CellBits;
    private const int RegionShift = 2 * RegionBits;

    public const string Version = "rg:{root}:version";

    public const string Seeding = "rg:{root}:seeding";

    public static uint CellOf(ulong code) => (uint)(code >> CellShift);

    public static ulong WithinCell(ulong code) => code & ((1UL << CellShift) - 1);

    public static ZOrder.Square SquareOfCell(uint cell) => new((ulong)cell << CellShift, CellBits);

    public static uint RegionOf(ulong code) => (uint)(code >> RegionShift);

    public static uint RegionOfCell(uint cell) => cell >> (RegionShift - CellShift);

    public static uint CellWithinRegion(uint cell) => cell & ((1U << (RegionShift - CellShift)) - 1);

    public static ZOrder.Square SquareOfRegion(uint region) => new((ulong)region << RegionShift, RegionBits);

    public static string Features(uint cell, long version) => $"rg:{{c:{cell:x8}}}:features:v{version}";

    public static string Cells(uint region, long version) => $"rg:{{r:{region:x4}}}:cells:v{version}";

    public static string Regions(long version) => $"rg:{{root}}:regions:v{version}";

    public static string Notes(Location location) =>
        $"rg:{{c:{CellOf(ZOrder.Encode(location)):x8}}}:notes:{location}";
}
