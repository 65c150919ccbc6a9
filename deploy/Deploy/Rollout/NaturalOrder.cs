using System.Globalization;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Names in the order that people count in: <c>store-2</c> before <c>store-10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    private static readonly StringComparer s_comparer = StringComparer.Create(
        CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

    public int Compare(string? x, string? y) => s_comparer.Compare(x, y);
}
