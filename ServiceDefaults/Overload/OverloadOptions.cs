using Microsoft.Extensions.Configuration;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// When a gRPC server refuses calls; section <c>Overload</c> of the configuration, explained in docs/overload.md.
/// </summary>
internal sealed class OverloadOptions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    /// <summary>Whether calls are refused; if not, each is taken at once.</summary>
    public bool Shedding { get; set; } = true;

    /// <summary>
    /// Calls that are always let in, however slow they are; the concurrency at which a call's own duration is learnt.
    /// </summary>
    public int MinLimit { get; set; } = 10;

    /// <summary>
    /// The limit at the start, within the other two. Low: durations learnt under load would be taken for normal.
    /// </summary>
    public int InitialLimit { get; set; } = 20;

    /// <summary>The most calls at once.</summary>
    public int MaxLimit { get; set; } = 1000;

    /// <summary>How much slower than alone a call may be before the limit falls.</summary>
    public double Tolerance { get; set; } = 1.5;

    /// <summary>
    /// What counts as the duration of a call alone, at least. Many short calls at once share packets and system calls: fewer
    /// would end a few milliseconds sooner, and take more processor time each.
    /// </summary>
    public TimeSpan MinDuration { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The most calls that wait.</summary>
    public int QueueLimit { get; set; } = 1000;

    /// <summary>How long a call waits at most. As long as callers usually do: their deadlines are what should end it.</summary>
    public TimeSpan QueueTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stream counts as a call at work; then it is taken for one that mostly waits.</summary>
    public TimeSpan StreamTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>When a refused caller should try again; half to one and a half of it, so that not all come at once.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The deadline of a unary call that has none.</summary>
    public TimeSpan UnaryDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The deadline of a stream that has none: long, since it may be a subscription, but none is open for ever.
    /// </summary>
    public TimeSpan StreamDeadline { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The most connections of one address; none by default, since behind a proxy or a NAT all callers share one.
    /// </summary>
    public int? ConnectionsPerAddress { get; set; }

    /// <summary>How many new connections of one address are read per second, and at once; the others wait up to 10 s.</summary>
    public int NewConnectionsPerSecond { get; set; } = 50;

    /// <summary>
    /// How many frames that carry nothing (resets, pings, settings) a connection may send per second, and twice this at once;
    /// then it ends. A malformed message counts as ten. nghttp2 lets 33 resets pass per second, and 1000 at once.
    /// </summary>
    public int ControlFramesPerSecond { get; set; } = 200;

    public static OverloadOptions From(IConfiguration configuration)
    {
        var options = new OverloadOptions();
        configuration.GetSection("Overload").Bind(options);
        string[] errors =
        [
            .. Check(options.MinLimit >= 1, nameof(MinLimit), options.MinLimit, "at least 1"),
            .. Check(options.MaxLimit >= options.MinLimit, nameof(MaxLimit), options.MaxLimit,
                $"at least MinLimit ({options.MinLimit})"),
            .. Check(options.InitialLimit >= 1, nameof(InitialLimit), options.InitialLimit, "at least 1"),
            .. Check(options.Tolerance is >= 1 and <= 100, nameof(Tolerance), options.Tolerance, "between 1 and 100"),
            .. Check(
                options.MinDuration >= TimeSpan.Zero && options.MinDuration <= s_longest, nameof(MinDuration),
                options.MinDuration, $"at least 0 and at most {s_longest}"),
            .. Check(options.QueueLimit >= 0, nameof(QueueLimit), options.QueueLimit, "at least 0"),
            .. CheckTime(nameof(QueueTime), options.QueueTime),
            .. CheckTime(nameof(StreamTime), options.StreamTime),
            .. CheckTime(nameof(RetryDelay), options.RetryDelay),
            .. CheckTime(nameof(UnaryDeadline), options.UnaryDeadline),
            .. CheckTime(nameof(StreamDeadline), options.StreamDeadline),
            .. Check(options.ConnectionsPerAddress is not < 1, nameof(ConnectionsPerAddress), options.ConnectionsPerAddress
                ?? 0, "at least 1"),
            .. Check(options.NewConnectionsPerSecond >= 1, nameof(NewConnectionsPerSecond), options.NewConnectionsPerSecond,
                "at least 1"),
            .. Check(options.ControlFramesPerSecond >= 1, nameof(ControlFramesPerSecond), options.ControlFramesPerSecond,
                "at least 1"),
        ];
        return errors.Length == 0 ? options : throw new ConfigurationException(string.Join("; ", errors));
    }

    private static IEnumerable<string> CheckTime(string name, TimeSpan value) =>
        Check(value > TimeSpan.Zero && value <= s_longest, name, value, $"more than 0 and at most {s_longest}");

    private static IEnumerable<string> Check(bool isValid, string name, object value, string expected) =>
        isValid ? [] : [FormattableString.Invariant($"Overload:{name} is {value}, but must be {expected}")];
}
