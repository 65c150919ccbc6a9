using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Channels;

/// <summary>A way to a person. Disposing ends its connections; it may be used again after that.</summary>
internal interface IChannel : IAsyncDisposable
{
    /// <summary>Connects, unless it is connected: a mistake in the settings shows before there is something to say.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Returns once the other side has taken the message.</summary>
    /// <exception cref="ChannelException">It was refused, or can't be taken now.</exception>
    Task SendAsync(Notification message, CancellationToken cancellationToken);
}

/// <summary>A message wasn't taken.</summary>
/// <param name="message">Why, without a secret.</param>
internal sealed class ChannelException(string message) : Exception(message)
{
    /// <summary>Whether the same message would be refused again.</summary>
    public bool IsFinal { get; init; }

    /// <summary>When the server asks to be tried again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
