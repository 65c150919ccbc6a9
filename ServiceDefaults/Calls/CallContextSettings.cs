using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>What code decides about contexts that begin at its service.</summary>
public sealed class CallContextOptions
{
    /// <summary>
    /// Says on whose behalf a request is that comes from outside the mesh: tenant, user, quota key, criticality.
    /// </summary>
    public Func<HttpContext, CallContext, CallContext>? Identify { get; set; }
}

/// <summary>The sections <c>CallContext</c> and <c>Experiments</c> of the configuration.</summary>
internal sealed class CallContextSettings
{
    public const string ForceHeader = "x-experiments";

    private static readonly Counter<long> s_dropped = CallContext.Meter.CreateCounter<long>(
        "call_context.dropped", "{call}", "Calls whose context was dropped as a whole or in part.");

    /// <summary>Of calls that begin here and say nothing else.</summary>
    public Criticality Criticality { get; private init; }

    /// <summary>Ports of the endpoints that the graph marks external.</summary>
    public HashSet<int> ExternalPorts { get; private init; } = [];

    /// <summary>Whether callers from outside the mesh may choose their arms too.</summary>
    public bool ForcesExperiments { get; private init; }

    /// <summary>Whether contexts are taken in; to measure what that costs.</summary>
    public bool IsEnabled { get; private init; }

    public IReadOnlyList<Experiment> Experiments { get; private init; } = [];

    /// <exception cref="ConfigurationException">Something in it is wrong; the message names all of it.</exception>
    public static CallContextSettings Read(IConfiguration configuration)
    {
        var errors = new List<string>();
        var section = configuration.GetSection("CallContext");
        var criticality = Criticality.Critical;
        if (section["Criticality"] is { Length: > 0 } name && !CallContextBaggage.TryParse(name, out criticality))
        {
            errors.Add($"'{name}' in CallContext__Criticality isn't a criticality. Use one of " +
                $"{CallContextBaggage.Criticalities}.");
        }

        var ports = new HashSet<int>();
        foreach (var text in (section["ExternalPorts"] ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535
                || !ports.Add(port))
            {
                errors.Add($"'{text}' in CallContext__ExternalPorts isn't a port, or stands there twice. Use numbers with " +
                    "commas, as in 8080,8443.");
            }
        }

        var (enabled, forces) = (ReadFlag("Enabled", true), ReadFlag("ForcedExperiments", false));
        var experiments = Experiment.Read(configuration.GetSection("Experiments"), errors);
        return errors.Count == 0
            ? new()
            {
                Criticality = criticality,
                ExternalPorts = ports,
                IsEnabled = enabled,
                ForcesExperiments = forces,
                Experiments = experiments,
            }
            : throw new ConfigurationException(string.Join(" ", errors));

        bool ReadFlag(string key, bool otherwise)
        {
            if (section[key] is not { Length: > 0 } text)
            {
                return otherwise;
            }

            if (!bool.TryParse(text, out var flag))
            {
                errors.Add($"'{text}' in CallContext__{key} isn't true or false.");
            }

            return flag;
        }
    }

    /// <summary>Whether a request may come from outside the mesh.</summary>
    public bool IsExternal(HttpContext http) => ExternalPorts.Count > 0 && ExternalPorts.Contains(http.Connection.LocalPort);

    /// <summary>Begins a context: gives it its request id and, once for all services, its experiments.</summary>
    public CallContext Begin(CallContext context, string? forced = null)
    {
        var begun = context with
        {
            RequestId = CallContext.NewRequestId(),
            Criticality = ReferenceEquals(context, CallContext.None) ? Criticality : context.Criticality,
        };
        if (Experiments.Count == 0)
        {
            return begun;
        }

        Experiment.TryParseArms(forced ?? "", out var chosen);
        var arms = new Dictionary<string, string>();
        foreach (var experiment in Experiments)
        {
            var arm = chosen?.GetValueOrDefault(experiment.Name) is { } wanted && experiment.Has(wanted)
                ? wanted
                : experiment.Assign(begun);
            if (arm is not null)
            {
                arms[experiment.Name] = arm;
            }
        }

        return begun with { Experiments = arms };
    }

    /// <summary>The context to send with a call: the current one, or one that begins with this call.</summary>
    public CallContext Outgoing() => CallContext.Current is { HasBegun: true } current ? current : Begin(CallContext.Current);

    public static void CountDropped(string reason) => s_dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
