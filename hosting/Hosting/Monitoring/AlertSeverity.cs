namespace MonoRepo.Hosting;

/// <summary>What an alert asks of people; the label <c>severity</c> in lower case.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody has to act now.</summary>
    Page,

    /// <summary>Somebody has to act within days.</summary>
    Ticket,
}
