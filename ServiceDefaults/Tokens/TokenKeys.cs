using Microsoft.IdentityModel.Tokens;

namespace MonoRepo.ServiceDefaults.Tokens;

/// <summary>
/// What tokens are checked with: who issues them, and the public keys. It is asked for when it is needed first, each hour, and
/// for a token of a key that is unknown. While the issuer is away, the last answer serves on.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="interval">How often the issuer is asked at most: tokens with made-up key ids come from anyone.</param>
/// <param name="firstInterval">The same until it has answered once.</param>
/// <param name="renewalInterval">When the hourly renewal is tried again, where it failed.</param>
internal abstract class TokenKeys<T>(TimeProvider clock, TimeSpan interval, TimeSpan firstInterval, TimeSpan renewalInterval)
    where T : class
{
    /// <summary>How long the issuer may take to answer.</summary>
    protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>When keys are read again.</summary>
    protected static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile T? _keys;
    private DateTimeOffset _nextAttempt;
    private long _staleAt;

    /// <summary>The keys; null while they could never be had.</summary>
    public ValueTask<T?> GetAsync()
    {
        if (_keys is not { } keys)
        {
            return new(RefreshAsync(null));
        }

        // One caller has them renewed, and nobody waits for it.
        var (now, staleAt) = (clock.GetUtcNow().UtcTicks, Volatile.Read(ref _staleAt));
        if (now > staleAt && Interlocked.CompareExchange(ref _staleAt, now + renewalInterval.Ticks, staleAt) == staleAt)
        {
            _ = RefreshAsync(keys);
        }

        return new(keys);
    }

    /// <summary>
    /// Validates a token with these keys, and once more where its key is unknown and the issuer has newer ones.
    /// </summary>
    /// <returns>The result, and the keys that it is by.</returns>
    public async Task<(TokenValidationResult Result, T Keys)> ValidateAsync(T keys, Func<T, Task<TokenValidationResult>> validate)
    {
        var result = await validate(keys).ConfigureAwait(false);
        return result.Exception is SecurityTokenSignatureKeyNotFoundException
            && await RefreshAsync(keys).ConfigureAwait(false) is { } newer && newer != keys
                ? (await validate(newer).ConfigureAwait(false), newer)
                : (result, keys);
    }

    /// <summary>Asks the issuer.</summary>
    protected abstract Task<T> ReadAsync();

    /// <summary>Tells that the issuer couldn't be asked.</summary>
    protected abstract void OnFailed(string reason, bool hasKeys);

    private async Task<T?> RefreshAsync(T? known)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_keys == known && clock.GetUtcNow() >= _nextAttempt)
            {
                try
                {
                    _keys = await ReadAsync().ConfigureAwait(false);
                    Volatile.Write(ref _staleAt, (clock.GetUtcNow() + Lifetime).UtcTicks);
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    OnFailed(exception.GetBaseException().Message, _keys is not null);
                }

                _nextAttempt = clock.GetUtcNow() + (_keys is null ? firstInterval : interval);
            }

            return _keys;
        }
        finally
        {
            _gate.Release();
        }
    }
}
