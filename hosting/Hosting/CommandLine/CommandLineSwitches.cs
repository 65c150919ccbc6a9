using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>The switches that integrations have added.</summary>
/// <param name="args">The AppHost's command line.</param>
public sealed class CommandLineSwitches(IReadOnlyList<string> args)
{
    private readonly List<CommandLineSwitch> _all = [];

    /// <summary>The AppHost's command line.</summary>
    public IReadOnlyList<string> Args { get; } = args;

    /// <summary>The switches, in the order in which they were added.</summary>
    public IReadOnlyList<CommandLineSwitch> All => _all;

    /// <summary>Adds a switch; a second one of the same name and key is the same one.</summary>
    /// <exception cref="ArgumentException">The name is taken for another key.</exception>
    public void Add(CommandLineSwitch added)
    {
        ArgumentNullException.ThrowIfNull(added);
        var same = _all.Find(s => s.Name == added.Name);
        if (same is null)
        {
            _all.Add(added);
        }
        else if (same.ConfigurationKey != added.ConfigurationKey)
        {
            throw new ArgumentException($"The switch {added.Name} sets {same.ConfigurationKey} already; it cannot set {added.ConfigurationKey} too.", nameof(added));
        }
    }

    internal static CommandLineSwitches Of(IServiceCollection services) =>
        (CommandLineSwitches?)services.LastOrDefault(s => s.ServiceType == typeof(CommandLineSwitches))?.ImplementationInstance ?? Register(services);

    private static CommandLineSwitches Register(IServiceCollection services)
    {
        var switches = new CommandLineSwitches([]);
        services.AddSingleton(switches);
        return switches;
    }
}
