using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds switches to the AppHost's command line.</summary>
public static class CommandLineSwitchExtensions
{
    /// <summary>
    /// Lets a switch of the AppHost's command line set a configuration key; <c>run --help</c> lists it. The configuration has the
    /// value from here on.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The switch, such as --redis; its value follows, or stands after '='.</param>
    /// <param name="configurationKey">The key, such as Redis:Server.</param>
    /// <param name="description">What it does.</param>
    /// <param name="values">Allowed values; without them the switch is a flag that sets "true".</param>
    /// <exception cref="BadUsageException">The command line gives a value that is not allowed.</exception>
    public static IDistributedApplicationBuilder AddCommandLineSwitch(
        this IDistributedApplicationBuilder builder,
        string name,
        string configurationKey,
        string description,
        params string[] values)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(configurationKey);
        if (name is null || !name.StartsWith("--", StringComparison.Ordinal) || name.Length < 3)
        {
            throw new ArgumentException($"The switch '{name}' has to begin with '--'.", nameof(name));
        }

        var added = new CommandLineSwitch(name, configurationKey, description, values);
        builder.Services.AddSingleton(added);
        if (builder.Configuration[name[2..]] is { } value)
        {
            added.ThrowUnlessAllowed(value);
            builder.Configuration.AddInMemoryCollection([new(configurationKey, value)]);
        }

        return builder;
    }
}
