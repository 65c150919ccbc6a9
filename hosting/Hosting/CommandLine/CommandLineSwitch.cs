using System.CommandLine;

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

/// <summary>The option that shows a switch of an integration in the help, and lets the parser accept it.</summary>
internal static class SwitchOption
{
    internal static Option Create(CommandLineSwitch added)
    {
        if (added.Values.Count == 0)
        {
            return new Option<bool>(added.Name) { Description = added.Description };
        }

        var option = new Option<string>(added.Name)
        {
            Description = added.Description,
            HelpName = string.Join('|', added.Values),
        };
        option.AcceptOnly([.. added.Values], StringComparer.OrdinalIgnoreCase);
        return option;
    }
}
