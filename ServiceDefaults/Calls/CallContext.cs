using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>How much a call matters, as Google's SRE book tells calls apart; a greater one is shed later.</summary>
public enum Criticality
{
    /// <summary>May fail for hours: a batch that tries again.</summary>
    Sheddable,

    /// <summary>May fail for minutes: a batch that someone waits for.</summary>
    SheddablePlus,

    /// <summary>Users see that it failed; what is not said is this.</summary>
    Critical,

    /// <summary>Users see that it failed, and it is serious.</summary>
    CriticalPlus,
}

/// <summary>
/// What travels with a call through all services that take part in it, and with the work that they queue. <see cref="Current"/>
/// is that of the call which is being answered.
/// </summary>
public sealed record CallContext
{
    /// <summary>The longest value of a text property.</summary>
    public const int MaxLength = 128;

    private static readonly IReadOnlyDictionary<string, string> s_noExperiments = new Dictionary<string, string>();

    internal static readonly CallContext None = new();

    internal static readonly Meter Meter = new("MonoRepo.Calls");

    private static readonly Counter<long> s_exposures = Meter.CreateCounter<long>(
        "experiment.exposures", "{call}", "Calls in which a service asked for the arm of an experiment.");

    private static readonly AsyncLocal<CallContext?> s_current = new();

    // Which experiments were asked for in this call; shared by its copies, so that each counts once.
    private HashSet<string>? _exposed;
    private string? _baggage;

    /// <summary>Creates a context that has not begun: its first call gives it a request id and its experiments.</summary>
    public CallContext()
    {
    }

    // Not what was computed from the original's properties.
    private CallContext(CallContext original)
    {
        (RequestId, Tenant, User, QuotaKey) = (original.RequestId, original.Tenant, original.User, original.QuotaKey);
        (Criticality, Experiments, EndUserToken) = (original.Criticality, original.Experiments, original.EndUserToken);
        _exposed = original._exposed;
    }

    /// <summary>The context of the call that is being answered, or an empty one.</summary>
    public static CallContext Current => s_current.Value ?? None;

    /// <summary>Made up where the request came into the mesh; empty where it did not begin there.</summary>
    public string RequestId { get; init => field = Checked(value)!; } = "";

    /// <summary>On whose behalf: the organization.</summary>
    public string? Tenant { get; init => field = Checked(value); }

    /// <summary>On whose behalf: the person.</summary>
    public string? User { get; init => field = Checked(value); }

    /// <summary>Whose quota is charged.</summary>
    public string? QuotaKey { get; init => field = Checked(value); }

    /// <summary>How much it matters.</summary>
    public Criticality Criticality { get; init; } = Criticality.Critical;

    /// <summary>Arms by experiment. To act on one, ask <see cref="GetArm"/>, which counts.</summary>
    public IReadOnlyDictionary<string, string> Experiments { get; init; } = s_noExperiments;

    /// <summary>What the end user proved to be with; beside the baggage, and in no log.</summary>
    public EndUserToken? EndUserToken { get; init; }

    internal bool HasBegun => RequestId.Length > 0;

    /// <summary>
    /// The context as the value of a <c>baggage</c> header: for queues that outlive the process. <see cref="Parse"/> reads it.
    /// </summary>
    public string ToBaggage() => _baggage ??= CallContextBaggage.Write(this);

    /// <summary>Reads what <see cref="ToBaggage"/> wrote; what it doesn't know is left out.</summary>
    public static CallContext Parse(string baggage)
    {
        ArgumentNullException.ThrowIfNull(baggage);
        return CallContextBaggage.Read(baggage, out _) ?? None;
    }

    /// <summary>Makes it the current context until the result is disposed, in this method and in what it calls.</summary>
    public IDisposable Use()
    {
        var before = s_current.Value;
        s_current.Value = this;
        return new Restoring(() => s_current.Value = before);
    }

    /// <summary>Makes it the current context of an asynchronous method, whose end restores the one before.</summary>
    internal void UseInThisMethod() => s_current.Value = this;

    /// <summary>Keeps context and trace of the current call for work that is queued in this process.</summary>
    public static CapturedCall Capture() => new(Current, Activity.Current?.Context ?? default);

    /// <summary>The arm of an experiment that this call is in, or null; counts the exposure, once a call.</summary>
    public string? GetArm(string experiment)
    {
        if (Experiments.TryGetValue(experiment, out var arm))
        {
            lock (Experiments)
            {
                if ((_exposed ??= []).Add(experiment))
                {
                    s_exposures.Add(1, new("experiment", experiment), new("arm", arm));
                }
            }
        }

        return arm;
    }

    /// <summary>What spans and log scopes show.</summary>
    internal IEnumerable<KeyValuePair<string, object?>> Tags() =>
        CallContextBaggage.Values(this).Select(value => new KeyValuePair<string, object?>(value.Key, value.Value));

    internal static string NewRequestId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether a value may stand in the context.</summary>
    internal static bool IsValue(string value) =>
        value.Length <= MaxLength && !value.AsSpan().ContainsAnyInRange('\0', '\x1f')
        && !value.AsSpan().ContainsAnyInRange('\x7f', '\x9f');

    private static string? Checked(string? value) => value is null || IsValue(value)
        ? value
        : throw new ArgumentException(
            $"A value of the call context can have at most {MaxLength} characters and no control characters.");
}

/// <summary>
/// The token of the end user, as it came in <c>Authorization: Bearer</c> at an external endpoint. It travels in a header of its
/// own beside the baggage, and its text stands in no log, span or message: only <see cref="Reveal"/> gives it.
/// </summary>
/// <param name="token">The token.</param>
[DebuggerDisplay("(token)")]
public sealed class EndUserToken(string token)
{
    internal const string Header = "x-end-user-token";
    internal const int MaxLength = 8192;

    /// <summary>The token itself.</summary>
    public string Reveal() => token;

    /// <summary>Says that there is one.</summary>
    public override string ToString() => "(token)";
}

/// <summary>A call whose work goes on elsewhere in this process: in a queue, on a thread of its own.</summary>
/// <param name="Context">The call's context.</param>
/// <param name="Trace">The span that queued the work.</param>
public sealed record CapturedCall(CallContext Context, ActivityContext Trace)
{
    internal const string SourceName = "MonoRepo.Calls";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>
    /// Makes the context current again, in a span below the one that queued the work, until the result is disposed.
    /// </summary>
    public IDisposable Restore(string name)
    {
        var context = Context.Use();
        var span = s_source.StartActivity(name, ActivityKind.Consumer, Trace);
        return new Restoring(() =>
        {
            span?.Dispose();
            context.Dispose();
        });
    }
}

internal sealed class Restoring(Action restore) : IDisposable
{
    private Action? _restore = restore;

    public void Dispose() => Interlocked.Exchange(ref _restore, null)?.Invoke();
}
