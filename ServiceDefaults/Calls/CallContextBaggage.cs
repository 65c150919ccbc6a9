using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>
/// The context as W3C baggage:
/// <c>baggage: request.id=9f…,tenant.id=acme,criticality=sheddable,experiments=ranking%3Anew</c>. Keys are these and no others.
/// OpenTelemetry's propagator writes it. Each call reads it, so without the dictionary that the propagator makes.
/// </summary>
internal static class CallContextBaggage
{
    /// <summary>W3C's own limit; a longer header is dropped as a whole, since half a context is worse than none.</summary>
    public const int MaxHeaderLength = 8192;

    private const string RequestId = "request.id";
    private const string Tenant = "tenant.id";
    private const string User = "enduser.id";
    private const string QuotaKey = "quota.key";
    private const string Criticality = "criticality";
    private const string Experiments = "experiments";

    private static readonly BaggagePropagator s_propagator = new();
    private static readonly string[] s_criticalities = ["sheddable", "sheddable-plus", "critical", "critical-plus"];

    public static string Criticalities => string.Join(", ", s_criticalities.Reverse());

    public static bool TryParse(string text, out Criticality criticality)
    {
        criticality = (Criticality)Array.IndexOf(s_criticalities, text);
        return criticality >= 0;
    }

    public static string NameOf(Criticality criticality) => s_criticalities[(int)criticality];

    public static IEnumerable<KeyValuePair<string, string>> Values(CallContext context)
    {
        if (context.HasBegun)
        {
            yield return new(RequestId, context.RequestId);
        }

        if (context.Tenant is { } tenant)
        {
            yield return new(Tenant, tenant);
        }

        if (context.User is { } user)
        {
            yield return new(User, user);
        }

        if (context.QuotaKey is { } key)
        {
            yield return new(QuotaKey, key);
        }

        yield return new(Criticality, NameOf(context.Criticality));
        if (context.Experiments.Count > 0)
        {
            yield return new(Experiments, string.Join(' ', context.Experiments.Select(pair => $"{pair.Key}:{pair.Value}")));
        }
    }

    public static string Write(CallContext context)
    {
        var header = new string[1];
        var values = new Dictionary<string, string>(Values(context));
        s_propagator.Inject(new(default, Baggage.Create(values)), header, static (header, _, value) => header[0] = value);
        return header[0];
    }

    /// <summary>Reads the header; null where it has no context.</summary>
    /// <param name="header">The values of the header.</param>
    /// <param name="dropped">Why the whole or a part was left out, if so.</param>
    public static CallContext? Read(StringValues header, out string? dropped)
    {
        dropped = null;
        var text = header.ToString();
        if (text.Length > MaxHeaderLength)
        {
            dropped = "oversized";
            return null;
        }

        string? requestId = null, tenant = null, user = null, quotaKey = null;
        Criticality? criticality = null;
        IReadOnlyDictionary<string, string>? experiments = null;
        foreach (var range in text.AsSpan().Split(','))
        {
            // key=value;property=…, percent-encoded.
            var member = text.AsSpan(range);
            member = member.IndexOf(';') is >= 0 and var end ? member[..end] : member;
            var equals = member.IndexOf('=');
            if (equals < 1)
            {
                continue;
            }

            var key = member[..equals].Trim();
            var value = Uri.UnescapeDataString(member[(equals + 1)..].Trim());
            switch (key)
            {
                case RequestId when CallContext.IsValue(value):
                    requestId = value;
                    break;
                case Tenant when CallContext.IsValue(value):
                    tenant = value;
                    break;
                case User when CallContext.IsValue(value):
                    user = value;
                    break;
                case QuotaKey when CallContext.IsValue(value):
                    quotaKey = value;
                    break;
                case Criticality when TryParse(value, out var parsed):
                    criticality = parsed;
                    break;
                case Experiments when Experiment.TryParseArms(value, out var arms):
                    experiments = arms;
                    break;
                default:
                    dropped = key is RequestId or Tenant or User or QuotaKey or Criticality or Experiments
                        ? "invalid"
                        : "unknown_key";
                    break;
            }
        }

        return requestId is null && tenant is null && user is null && quotaKey is null && criticality is null
            && experiments is null
            ? null
            : new()
            {
                RequestId = requestId ?? "",
                Tenant = tenant,
                User = user,
                QuotaKey = quotaKey,
                Criticality = criticality ?? Calls.Criticality.Critical,
                Experiments = experiments ?? CallContext.None.Experiments,
            };
    }
}

/// <summary>
/// .NET's own propagator without baggage, which it would take from any caller and hand to any host. Trace ids go on as before.
/// </summary>
internal sealed class TraceOnlyPropagator : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator s_inner = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields { get; } = ["traceparent", "tracestate"];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        s_inner.Inject(activity, carrier, setter is null ? null : (target, name, value) =>
        {
            if (name.StartsWith("trace", StringComparison.Ordinal))
            {
                setter(target, name, value);
            }
        });

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        s_inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier, PropagatorGetterCallback? getter) => null;
}
