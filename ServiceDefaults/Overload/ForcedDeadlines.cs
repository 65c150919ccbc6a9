using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Gives calls that have no deadline one, so that nobody holds a call for ever. gRPC keeps it like the caller's own. Min data
/// rates of Kestrel don't: gRPC turns them off for streams of requests.
/// </summary>
internal sealed class ForcedDeadlines(RequestDelegate next, OverloadOptions options)
{
    private const string Header = "grpc-timeout";
    private readonly string _unary = Format(options.UnaryDeadline);
    private readonly string _stream = Format(options.StreamDeadline);

    public Task InvokeAsync(HttpContext context)
    {
        if (GetOwnMethod(context) is { } method && TimeLeft(context.Request) == TimeSpan.MaxValue)
        {
            context.Request.Headers[Header] = method.Type == MethodType.Unary ? _unary : _stream;
        }

        return next(context);
    }

    /// <summary>The gRPC method that is called; none if it is one of gRPC itself, as of health and reflection.</summary>
    public static IMethod? GetOwnMethod(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is { } method
        && !method.ServiceName.StartsWith("grpc.", StringComparison.Ordinal)
            ? method
            : null;

    /// <summary>
    /// How long the caller waits, as in <c>500m</c> for half a second: up to eight digits and a unit. For ever where it doesn't
    /// say.
    /// </summary>
    public static TimeSpan TimeLeft(HttpRequest request)
    {
        var text = request.Headers[Header].ToString();
        return text.Length is >= 2 and <= 9
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? text[^1] switch
            {
                'H' => TimeSpan.FromHours(value),
                'M' => TimeSpan.FromMinutes(value),
                'S' => TimeSpan.FromSeconds(value),
                'm' => TimeSpan.FromMilliseconds(value, 0),
                'u' => TimeSpan.FromMicroseconds(value),
                'n' => TimeSpan.FromTicks(value / 100),
                _ => TimeSpan.MaxValue,
            }
            : TimeSpan.MaxValue;
    }

    private static string Format(TimeSpan deadline) => deadline < TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)deadline.TotalMilliseconds}m")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)deadline.TotalSeconds}S");
}
