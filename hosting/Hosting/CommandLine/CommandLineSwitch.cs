namespace MonoRepo.Hosting;

/// <summary>A switch of the AppHost's command line that sets a configuration key.</summary>
/// <param name="Name">The switch, such as --redis.</param>
/// <param name="ConfigurationKey">The key, such as Redis:Server.</param>
/// <param name="Values">Allowed values; none: the switch is a flag that sets "true".</param>
internal sealed record CommandLineSwitch(string Name, string ConfigurationKey, string Description, IReadOnlyList<string> Values)
{
    /// <summary>Throws for a value that is not allowed.</summary>
    /// <exception cref="BadUsageException">The value is not allowed.</exception>
    public void ThrowUnlessAllowed(string value)
    {
        if (Values.Count > 0 && !Values.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            throw new BadUsageException($"'{value}' isn't a value of {Name}. Use one of: {string.Join(", ", Values)}.");
        }
    }
}
