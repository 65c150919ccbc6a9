using System.Net;
using System.Net.Http.Headers;
using Google.Apis.Auth.OAuth2;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Channels;

/// <summary>Firebase Cloud Messaging: a topic, or one device.</summary>
internal sealed class FcmOptions
{
    /// <summary>The service account's key as Google gives it out, JSON; its <c>token_uri</c> is where tokens come from.</summary>
    public string? ServiceAccount { get; set; }

    public string? Topic { get; set; }

    /// <summary>The registration token of a device.</summary>
    public string? Device { get; set; }

    public Uri Endpoint { get; set; } = new("https://fcm.googleapis.com");

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Topic) == string.IsNullOrEmpty(Device))
        {
            yield return "Fcm__Topic or …Device is needed, and only one of them.";
        }

        if (TryRead() is null)
        {
            yield return "Fcm__ServiceAccount isn't the JSON key of a service account.";
        }
    }

    public ServiceAccountCredential? TryRead()
    {
        try
        {
            return CredentialFactory.FromJson<ServiceAccountCredential>(ServiceAccount) is { ProjectId.Length: > 0 } account
                ? account
                : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>Sends by FCM's HTTP v1 API.</summary>
internal sealed class FcmChannel : IChannel
{
    private readonly FcmOptions _options;
    private readonly HttpClient _http;
    private readonly GoogleCredential _credential;
    private readonly Uri _address;

    public FcmChannel(FcmOptions options, HttpClient http)
    {
        (_options, _http) = (options, http);
        var account = options.TryRead()!;
        _credential = account.ToGoogleCredential().CreateScoped("https://www.googleapis.com/auth/firebase.messaging");
        _address = new(options.Endpoint, $"/v1/projects/{account.ProjectId}/messages:send");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task OpenAsync(CancellationToken cancellationToken) => GetTokenAsync(cancellationToken);

    public async Task SendAsync(Notification message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = JsonContent.Create(Body(message)) };
        request.Headers.Authorization = new("Bearer", await GetTokenAsync(cancellationToken));
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new ChannelException($"FCM answered {(int)response.StatusCode}.")
            {
                // 400: no valid message; 404: the device isn't registered any more. A wrong account (401, 403) can be put right.
                IsFinal = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound,
                RetryAfter = Pause(response.Headers.RetryAfter),
            };
        }
    }

    // Kept until shortly before it expires.
    private Task<string> GetTokenAsync(CancellationToken cancellationToken) =>
        _credential.UnderlyingCredential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);

    // A message that comes twice replaces the first on the device: it has the same tag or collapse id.
    private object Body(Notification message) => new
    {
        message = new
        {
            topic = _options.Topic,
            token = _options.Device,
            notification = new { title = message.Title, body = string.Join('\n', message.Lines) },
            android = new { priority = message.IsPage ? "HIGH" : "NORMAL", notification = new { tag = message.Id } },
            apns = Headers(("apns-collapse-id", message.Id), ("apns-priority", message.IsPage ? "10" : "5")),
            webpush = Headers(("Topic", message.Id), ("Urgency", message.IsPage ? "high" : "normal")),
        },
    };

    private static object Headers(params (string Name, string Value)[] all) =>
        new { headers = all.ToDictionary(header => header.Name, header => header.Value) };

    private static TimeSpan? Pause(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - DateTimeOffset.UtcNow);
}
