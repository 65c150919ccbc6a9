namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>The middle of measurements.</summary>
internal static class Median
{
    /// <summary>The upper of the two in the middle where their number is even.</summary>
    public static double Of(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>Parts of measurements.</summary>
internal static class Quantile
{
    /// <summary>The value that this part of the values, which are sorted, lies below.</summary>
    public static T Of<T>(IReadOnlyList<T> sorted, double part) => sorted[(int)(sorted.Count * part)];
}
