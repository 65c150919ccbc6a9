using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Bounds what the connections of one address can make the server do besides calls: how many are open, how fast new ones
/// come (the next are accepted, and read when it's their turn, or closed after 10 s), and how many frames that carry nothing
/// and malformed messages each sends. A connection that sends too many ends, and counts as a second of new ones.
/// </summary>
internal sealed class ConnectionLimits : IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private readonly OverloadOptions _options;
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();
    private readonly PartitionedRateLimiter<IPAddress> _arrivals;
    private long _tooManyOpen;
    private long _tooManyNew;
    private long _tooManyFrames;

    public ConnectionLimits(OverloadOptions options, IMeterFactory meters)
    {
        _options = options;
        var second = options.NewConnectionsPerSecond;
        var atOnce = Math.Max(1, second / 10);
        _arrivals = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(
            address, _ => new()
            {
                TokenLimit = second,
                TokensPerPeriod = atOnce,
                ReplenishmentPeriod = TimeSpan.FromSeconds((double)atOnce / second),
                QueueLimit = (int)(second * s_longestWait.TotalSeconds),
            }));

        // Made with Kestrel's options, before anything listens to meters: a counter's first zeros would be lost.
        meters.Create("MonoRepo.Overload").CreateObservableCounter<long>(
            "overload.connections_closed",
            () => [new(_tooManyOpen, Reason("open")), new(_tooManyNew, Reason("new")), new(_tooManyFrames, Reason("frames"))],
            "{connection}", "Connections ended by their address's limits.");
    }

    /// <summary>Outermost, around TLS as well.</summary>
    public async Task AdmitAsync(ConnectionContext connection, int streams, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        var open = _open.AddOrUpdate(address, 1, (_, count) => count + 1);
        try
        {
            if (open > _options.ConnectionsPerAddress)
            {
                Interlocked.Increment(ref _tooManyOpen);
                connection.Abort();
                return;
            }

            using var arrival = await _arrivals.AcquireAsync(address, 1, connection.ConnectionClosed);
            if (!arrival.IsAcquired)
            {
                // A client that is closed immediately may reconnect immediately.
                await Task.Delay(s_longestWait, connection.ConnectionClosed)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Increment(ref _tooManyNew);
                connection.Abort();
                return;
            }

            connection.Features.Set(new ConnectionBudget(connection, streams, _options.ControlFramesPerSecond, () =>
            {
                Interlocked.Increment(ref _tooManyFrames);
                _ = _arrivals.AcquireAsync(address, _options.NewConnectionsPerSecond, CancellationToken.None).AsTask();
            }));
            await next(connection);
        }
        catch (OperationCanceledException) when (connection.ConnectionClosed.IsCancellationRequested)
        {
            // The caller has left before its turn.
        }
        finally
        {
            if (_open.AddOrUpdate(address, 0, (_, count) => count - 1) == 0)
            {
                _open.TryRemove(new(address, 0));
            }
        }
    }

    /// <summary>Where frames are plain: inside TLS.</summary>
    public static Task CountFramesAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Transport = new CountedPipe(connection.Transport, connection.Features.GetRequiredFeature<ConnectionBudget>());
        return next(connection);
    }

    public void Dispose() => _arrivals.Dispose();

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);

    private sealed class CountedPipe(IDuplexPipe inner, ConnectionBudget budget) : IDuplexPipe
    {
        public PipeReader Input { get; } = new FrameCountingReader(inner.Input, budget);

        public PipeWriter Output => inner.Output;
    }
}

/// <summary>
/// What a connection may send besides calls and their data: per second, and twice this at once. A feature of the connection,
/// so that its requests can charge it.
/// </summary>
/// <param name="connection">What ends when it has sent too much.</param>
/// <param name="streams">How many it may have at once.</param>
/// <param name="perSecond">What it may send.</param>
/// <param name="onSpent">Called once, before the connection ends.</param>
internal sealed class ConnectionBudget(ConnectionContext connection, int streams, int perSecond, Action onSpent)
{
    // Without a timer there is nothing to dispose of, and requests may still charge it when the connection has ended.
    private readonly TokenBucketRateLimiter _tokens = new(new()
    {
        TokenLimit = 2 * perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = false,
    });

    private int _newestStream;
    private int _isSpent;
    private int _messagesTooMany;

    /// <summary>Nothing more is read, of what has arrived before the end either.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>A frame that carries nothing; ends the connection when there were too many.</summary>
    public void EmptyFrame()
    {
        if (!TryTake(1))
        {
            End("It sent too many frames that carry nothing.");
        }
    }

    /// <summary>
    /// A stream that the caller opens, or its trailers. More of them than a connection may have that haven't begun are refused,
    /// at the price of an exception each. Callers number their streams by twos: RFC 9113, section 5.1.1.
    /// </summary>
    public void Headers(int stream)
    {
        if ((stream - _newestStream) / 2 > streams)
        {
            EmptyFrame();
        }
    }

    /// <summary>A stream that is answered. Of two at once the older may win, until the next one begins.</summary>
    public void Begin(int stream) => _newestStream = Math.Max(_newestStream, stream);

    /// <summary>
    /// A message that can't be read, as much work as ten frames. When there were too many, calls under way may still end:
    /// behind a proxy they are other callers'. Who then sends more of them than a connection has streams ignores the end.
    /// </summary>
    public void MalformedMessage()
    {
        if (TryTake(Math.Min(10, perSecond)))
        {
            return;
        }

        if (Interlocked.Increment(ref _messagesTooMany) == 1)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else if (_messagesTooMany > streams)
        {
            End("It sent too many messages that can't be read.");
        }
    }

    private void End(string reason)
    {
        IsEnded = true;
        connection.Abort(new(reason));
    }

    private bool TryTake(int count)
    {
        if (_isSpent == 0 && (_tokens.AttemptAcquire(count).IsAcquired
            || (_tokens.TryReplenish() && _tokens.AttemptAcquire(count).IsAcquired)))
        {
            return true;
        }

        if (Interlocked.Exchange(ref _isSpent, 1) == 0)
        {
            onSpent();
        }

        return false;
    }
}

/// <summary>Before everything else: tells a connection's budget which of its streams are answered.</summary>
internal sealed class BegunStreams : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (context.Features.Get<IHttp2StreamIdFeature>() is { } stream)
            {
                context.Features.Get<ConnectionBudget>()?.Begin(stream.StreamId);
            }

            return next(context);
        });
        next(app);
    };
}
