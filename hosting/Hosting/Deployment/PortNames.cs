namespace MonoRepo.Hosting;

/// <summary>What the ports of pods are called.</summary>
internal static class PortNames
{
    /// <summary>So many characters Kubernetes allows.</summary>
    public const int Longest = 15;

    public static string Of(string endpoint)
    {
        var name = endpoint.ToLowerInvariant();
        return name.Length <= Longest ? name : name[..Longest].TrimEnd('-');
    }
}
