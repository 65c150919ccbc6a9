using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Tests;

/// <summary>Takes traces by OTLP over HTTP and keeps what the tests ask for.</summary>
internal sealed class OtlpReceiver(WebApplication app, ConcurrentQueue<(string Trace, string Source, string Name)> spans) : IAsyncDisposable
{
    public string Address => app.Urls.First();

    /// <summary>The traces so far: of each span its source and name.</summary>
    public IReadOnlyList<IReadOnlyList<(string Source, string Name)>> Traces =>
        [.. spans.GroupBy(span => span.Trace).Select(trace => trace.Select(span => (span.Source, span.Name)).ToList())];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var spans = new ConcurrentQueue<(string, string, string)>();

        // The test's own folder holds the settings of the services under test.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Repository.PathOf("tests") });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Read(body.ToArray(), spans);
        });
        app.MapFallback(() => Results.Ok());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtlpReceiver(app, spans);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // ExportTraceServiceRequest.resource_spans = 1 -> ResourceSpans.scope_spans = 2
    //   -> ScopeSpans { scope = 1 { name = 1 }, spans = 2 { trace_id = 1, name = 5 } }
    private static void Read(byte[] request, ConcurrentQueue<(string, string, string)> spans)
    {
        foreach (var scope in Fields(request, 1).SelectMany(resource => Fields(resource, 2)))
        {
            var source = Fields(scope, 1).SelectMany(fields => Fields(fields, 1)).First().ToStringUtf8();
            foreach (var span in Fields(scope, 2))
            {
                spans.Enqueue((Convert.ToHexString(Fields(span, 1).First().Span), source, Fields(span, 5).First().ToStringUtf8()));
            }
        }
    }

    private static List<ByteString> Fields(byte[] message, int number) => Fields(ByteString.CopyFrom(message), number);

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
