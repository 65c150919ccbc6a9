using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Lets only calls with the key through: gRPC status UNAUTHENTICATED for the rest, whatever the method.</summary>
internal sealed class ApiKeyGuard(RequestDelegate next, string apiKey)
{
    /// <summary>The metadata that carries the key.</summary>
    public const string Header = "x-resource-service-api-key";

    private readonly byte[] _expected = Hash(apiKey);

    /// <summary>One call.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // Hashes are equally long, so that the time tells nothing about the key, its length included.
        if (context.Request.Headers[Header] is [{ } key] && CryptographicOperations.FixedTimeEquals(Hash(key), _expected))
        {
            return next(context);
        }

        // A gRPC answer without a message: all of it is headers.
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = $"Metadata {Header} is missing or wrong.";
        return Task.CompletedTask;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
