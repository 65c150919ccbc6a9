using System.Text.RegularExpressions;
using MonoRepo.Notifier.Channels;
using MonoRepo.Notifier.Sending;
using MonoRepo.ServiceDefaults;
using NodaTime;
using NodaTime.Text;

namespace MonoRepo.Notifier;

/// <summary>Section <c>Notifier</c> of the configuration; docs/notifications.md lists the settings.</summary>
internal sealed partial class NotifierOptions
{
    /// <summary>The bearer token that Alertmanager sends.</summary>
    public string? Token { get; set; }

    /// <summary>Address of Alertmanager, for commands in channels; null: there is none.</summary>
    public string? Alertmanager { get; set; }

    /// <summary>For how long the same news of the same alerts is told once.</summary>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>For how long delivery is tried.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(6);

    /// <summary>After how long without a sign of life a sender's work goes to another replica.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long Redis may be away before people are told of pages without it.</summary>
    public TimeSpan RedisGracePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The first pause after a failed delivery; it doubles up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    public Dictionary<string, ReceiverOptions> Receivers { get; set; } = [];

    /// <exception cref="ConfigurationException">Something is missing or wrong; the message has all of it.</exception>
    public static NotifierOptions Read(IConfiguration configuration)
    {
        NotifierOptions options;
        try
        {
            var section = configuration.GetSection("Notifier");
            options = section.Get<NotifierOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException exception)
        {
            // … were not found on the instance of MonoRepo.Notifier.Channels.IrcOptions: 'Sever'
            if (Unknown().Match(exception.GetBaseException().Message) is { Success: true } unknown)
            {
                throw new ConfigurationException($"{unknown.Groups[1]} has no such setting: {unknown.Groups[2]}.");
            }

            // Failed to convert configuration value 'abc' at 'Notifier:Receivers:me:Irc:Port' to type 'System.Int32'.
            for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            {
                if (cause.Message.StartsWith("Failed to convert", StringComparison.Ordinal))
                {
                    throw new ConfigurationException(cause.Message);
                }
            }

            throw;
        }

        var errors = options.Validate().ToList();
        return errors.Count == 0 ? options : throw new ConfigurationException(string.Join(" ", errors));
    }

    private IEnumerable<string> Validate()
    {
        if (Receivers.Count > 0 && string.IsNullOrEmpty(Token))
        {
            yield return "Notifier__Token is missing: the bearer token that Alertmanager sends.";
        }

        if (!string.IsNullOrEmpty(Alertmanager)
            && !(Uri.TryCreate(Alertmanager, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return $"Notifier__Alertmanager is '{Alertmanager}'; it is an address such as http://alertmanager:9093.";
        }

        foreach (var (name, value) in ((string, TimeSpan)[])[
            (nameof(DeduplicationWindow), DeduplicationWindow), (nameof(GiveUpAfter), GiveUpAfter), (nameof(Lease), Lease),
            (nameof(RedisGracePeriod), RedisGracePeriod), (nameof(RetryDelay), RetryDelay),
            (nameof(MaxRetryDelay), MaxRetryDelay)])
        {
            // A bare 30 is days.
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(7))
            {
                yield return $"Notifier__{name} is {value}; it is a time such as 00:30:00, of at most 7 days.";
            }
        }

        foreach (var (name, receiver) in Receivers)
        {
            if (!Name().IsMatch(name))
            {
                yield return $"'{name}' isn't a valid name of a receiver: use up to 40 letters, digits and hyphens.";
            }

            foreach (var error in receiver.Validate())
            {
                yield return $"Notifier__Receivers__{name}__{error}";
            }
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,40}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"not found on the instance of (?:\w+[.])*(\w+)Options: (.*)$")]
    private static partial Regex Unknown();
}

/// <summary>Somebody who is told: one channel, and when.</summary>
internal sealed class ReceiverOptions
{
    public IrcOptions? Irc { get; set; }

    public FcmOptions? Fcm { get; set; }

    public EmailOptions? Email { get; set; }

    /// <summary><c>page</c> where it hears of pages only, <c>ticket</c> for all others; null for both.</summary>
    public string? Severity { get; set; }

    public QuietOptions? Quiet { get; set; }

    public RateOptions Rate { get; set; } = new();

    public IEnumerable<string> Validate()
    {
        if (((object?[])[Irc, Fcm, Email]).Count(channel => channel is not null) != 1)
        {
            yield return "Irc, …Fcm or …Email is needed, and only one of them.";
        }

        if (Severity is not (null or "page" or "ticket"))
        {
            yield return $"Severity is '{Severity}'; it is page or ticket.";
        }

        if (Rate.Burst < 1 || Rate.Period <= TimeSpan.Zero)
        {
            yield return "Rate has to be a Burst of 1 or more and a Period such as 00:00:10.";
        }

        IEnumerable<string>?[] parts = [Irc?.Validate(), Fcm?.Validate(), Email?.Validate(), Quiet?.Validate()];
        foreach (var error in parts.SelectMany(part => part ?? []))
        {
            yield return error;
        }
    }
}

/// <summary>At most <see cref="Burst"/> messages at once, then one a <see cref="Period"/>.</summary>
internal sealed class RateOptions
{
    public int Burst { get; set; } = 5;

    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>When only pages come through.</summary>
internal sealed class QuietOptions
{
    private static readonly LocalTimePattern s_time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public string? From { get; set; }

    public string? To { get; set; }

    public string? TimeZone { get; set; }

    public IEnumerable<string> Validate()
    {
        if (!s_time.Parse(From ?? "").Success || !s_time.Parse(To ?? "").Success || From == To)
        {
            yield return $"Quiet is from '{From}' to '{To}'; From and To are two times of day such as 22:00.";
        }

        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone ?? "") is null)
        {
            yield return $"Quiet__TimeZone is '{TimeZone}'; it is the name of a time zone such as Europe/Berlin.";
        }
    }

    public QuietHours Read() => new(s_time.Parse(From!).Value, s_time.Parse(To!).Value, DateTimeZoneProviders.Tzdb[TimeZone!]);
}
