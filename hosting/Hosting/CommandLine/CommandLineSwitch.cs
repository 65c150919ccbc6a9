namespace MonoRepo.Hosting;

/// <summary>A switch of the AppHost's command line that sets a configuration key.</summary>
/// <param name="Name">The switch, such as --redis.</param>
/// <param name="ConfigurationKey">The key, such as Redis:Server.</param>
/// <param name="Description">What it does, for the help.</param>
/// <param name="Values">Allowed values; none means any, and none at all sets "true".</param>
public sealed record CommandLineSwitch(string Name, string ConfigurationKey, string Description, IReadOnlyList<string> Values)
{
    /// <summary>The value of the switch on a command line: null when it is not there, "true" without a value.</summary>
    /// <param name="args">The command line.</param>
    /// <exception cref="BadUsageException">The value is not allowed.</exception>
    public string? Find(IReadOnlyList<string> args)
    {
        string? value = null;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == Name)
            {
                var next = i + 1 < args.Count && !args[i + 1].StartsWith('-') ? args[i + 1] : null;

                // A switch that lists its values takes one; any other takes what follows only after '='.
                value = Values.Count > 0 && next is not null ? next : "true";
            }
            else if (args[i].StartsWith(Name + '=', StringComparison.Ordinal))
            {
                value = args[i][(Name.Length + 1)..];
            }
        }

        if (value is not null && Values.Count > 0 && !Values.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            throw new BadUsageException($"'{value}' is not a value of {Name}. Use one of: {string.Join(", ", Values)}.");
        }

        return value;
    }
}
