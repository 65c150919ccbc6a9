namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>
/// Locations on a Z-order curve: longitude and latitude, shifted to start at 0, with their bits interleaved (longitude in the
/// even bits). A prefix of the code is a square; squares near each other have codes near each other, so that an area is a few
/// ranges of codes.
/// </summary>
internal static class ZOrder
{
    /// <summary>The code of a location, 0 to 2^64 - 1.</summary>
    public static ulong Encode(Location location) =>
        Spread((uint)(location.Longitude + (long)Location.MaxLongitude)) |
        (Spread((uint)(location.Latitude + (long)Location.MaxLatitude)) << 1);

    /// <summary>
    /// The ranges of codes (both ends included, ascending) inside <paramref name="square"/> that cover the area. Ranges may
    /// reach a little beyond the area: squares are divided until they are an eighth of its size or one unit of
    /// <paramref name="unitBits"/>.
    /// </summary>
    public static IReadOnlyList<(ulong First, ulong Last)> Cover(Area area, Square square, int unitBits)
    {
        var target = Box.Of(area);
        var clip = square.Box.Intersect(target);
        if (clip.IsEmpty)
        {
            return [];
        }

        var stopBits = Math.Max(unitBits, clip.SideBits - 3);
        var ranges = new List<(ulong First, ulong Last)>();
        Divide(square);
        return ranges;

        void Divide(Square part)
        {
            var box = part.Box;
            if (box.Intersect(target).IsEmpty)
            {
                return;
            }

            if (part.Bits > stopBits && !target.Contains(box))
            {
                for (var quarter = 0; quarter < 4; quarter++)
                {
                    Divide(part.Quarter(quarter));
                }
            }
            else if (ranges.Count > 0 && ranges[^1].Last + 1 == part.First)
            {
                ranges[^1] = (ranges[^1].First, part.Last);
            }
            else
            {
                ranges.Add((part.First, part.Last));
            }
        }
    }

    // 0b abcd -> 0b 0a0b0c0d
    private static ulong Spread(uint value)
    {
        var x = (ulong)value;
        x = (x | (x << 16)) & 0x0000FFFF0000FFFF;
        x = (x | (x << 8)) & 0x00FF00FF00FF00FF;
        x = (x | (x << 4)) & 0x0F0F0F0F0F0F0F0F;
        x = (x | (x << 2)) & 0x3333333333333333;
        return (x | (x << 1)) & 0x5555555555555555;
    }

    /// <summary>A square of 2^<paramref name="Bits"/> units a side whose first code is <paramref name="First"/>.</summary>
    internal readonly record struct Square(ulong First, int Bits)
    {
        public static Square World { get; } = new(0, 32);

        public ulong Last => First + (Bits == 32 ? ulong.MaxValue : (1UL << (2 * Bits)) - 1);

        public Box Box
        {
            get
            {
                var (x, y) = (Gather(First), Gather(First >> 1));
                var side = (1L << Bits) - 1;
                return new Box(x, y, x + side, y + side);
            }
        }

        public Square Quarter(int index) => new(First + ((ulong)index << (2 * (Bits - 1))), Bits - 1);

        private static long Gather(ulong code)
        {
            var x = code & 0x5555555555555555;
            x = (x | (x >> 1)) & 0x3333333333333333;
            x = (x | (x >> 2)) & 0x0F0F0F0F0F0F0F0F;
            x = (x | (x >> 4)) & 0x00FF00FF00FF00FF;
            x = (x | (x >> 8)) & 0x0000FFFF0000FFFF;
            return (long)((x | (x >> 16)) & 0x00000000FFFFFFFF);
        }
    }

    /// <summary>An area in shifted units, edges included.</summary>
    internal readonly record struct Box(long West, long South, long East, long North)
    {
        public static Box Of(Area area) => new(
            area.West + (long)Location.MaxLongitude, area.South + (long)Location.MaxLatitude,
            area.East + (long)Location.MaxLongitude, area.North + (long)Location.MaxLatitude);

        public bool IsEmpty => West > East || South > North;

        /// <summary>The bits of the longer side.</summary>
        public int SideBits => 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(East - West, North - South));

        public Box Intersect(Box other) => new(
            Math.Max(West, other.West), Math.Max(South, other.South), Math.Min(East, other.East), Math.Min(North, other.North));

        public bool Contains(Box other) =>
            other.West >= West && other.East <= East && other.South >= South && other.North <= North;
    }
}
