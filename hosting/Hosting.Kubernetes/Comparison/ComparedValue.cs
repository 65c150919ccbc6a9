namespace MonoRepo.Hosting.Kubernetes.Comparison;

/// <summary>One thing in all environments.</summary>
/// <param name="Subject">Image, resource, or object and field.</param>
/// <param name="Values">By environment; null where it does not have it.</param>
internal sealed record ComparedValue(string Subject, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>Whether the environments differ in it.</summary>
    public bool IsDifferent => Values.Values.Distinct().Count() > 1;
}
