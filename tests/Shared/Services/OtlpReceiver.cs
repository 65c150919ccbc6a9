using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;

namespace MonoRepo.Tests.Services;

/// <summary>A span as it arrived.</summary>
/// <param name="Trace">The id of its trace.</param>
/// <param name="Source">The source that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Its attributes of type text and number.</param>
public sealed record ReceivedSpan(string Trace, string Source, string Name, IReadOnlyDictionary<string, string> Attributes);

/// <summary>
/// Takes what is sent by OTLP over HTTP (<c>OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf</c>), and keeps what tests ask for.
/// </summary>
public sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _bodies = new();

    private OtlpReceiver()
    {
    }

    /// <summary>The endpoint to send to.</summary>
    public string Address => _listener.Prefixes.Single();

    /// <summary>The variables that make a service send here, soon.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>Starts it on a free port of loopback.</summary>
    public static OtlpReceiver Start()
    {
        var receiver = new OtlpReceiver();
        receiver._listener.Prefixes.Add($"http://127.0.0.1:{Tools.FreePort()}/");
        receiver._listener.Start();
        _ = receiver.ReceiveAsync();
        return receiver;
    }

    /// <summary>
    /// Whether something was sent to this path that has this text in it: names and texts stand in protobuf as they are.
    /// </summary>
    public bool Has(string path, string text) =>
        _bodies.Any(message => message.Path == path && message.Body.Contains(text, StringComparison.Ordinal));

    /// <inheritdoc />
    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await ReadAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or IOException)
            {
                // Its sender has gone.
            }
        }
    }

    private async Task ReadAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var path = context.Request.Url!.AbsolutePath;
        _bodies.Enqueue((path, Encoding.Latin1.GetString(body.ToArray())));
        if (path == "/v1/traces")
        {
            ReadSpans(ByteString.CopyFrom(body.ToArray()));
        }

        context.Response.Close();
    }

    // ExportTraceServiceRequest.resource_spans = 1 -> ResourceSpans.scope_spans = 2
    //   -> ScopeSpans { scope = 1 { name = 1 }, spans = 2 { trace_id = 1, name = 5, attributes = 9 { key = 1, value = 2 } } }
    private void ReadSpans(ByteString request)
    {
        foreach (var scope in Fields(request, 1).SelectMany(resource => Fields(resource, 2)))
        {
            var source = Fields(scope, 1).SelectMany(fields => Fields(fields, 1)).First().ToStringUtf8();
            foreach (var span in Fields(scope, 2))
            {
                _spans.Enqueue(new(
                    Convert.ToHexString(Fields(span, 1).First().Span), source, Fields(span, 5).First().ToStringUtf8(),
                    Fields(span, 9).ToDictionary(attribute =>
                        Fields(attribute, 1).First().ToStringUtf8(), attribute => Value(Fields(attribute, 2).First()))));
            }
        }
    }

    // AnyValue { string_value = 1, int_value = 3 }
    private static string Value(ByteString value)
    {
        var input = value.CreateCodedInput();
        return input.ReadTag() switch
        {
            10 => input.ReadString(),
            24 => $"{input.ReadInt64()}",
            _ => "",
        };
    }

    private static List<ByteString> Fields(ByteString message, int number)
    {
        var found = new List<ByteString>();
        var input = message.CreateCodedInput();
        while (input.ReadTag() is > 0 and var tag)
        {
            if (tag == WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited))
            {
                found.Add(input.ReadBytes());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
