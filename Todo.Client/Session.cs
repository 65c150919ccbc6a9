using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Todo.Client.Output;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client;

/// <summary>One run of a command: the list it is about, the server, and where its results go.</summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly string _owner;

    public Session(ParseResult arguments, CancellationToken cancellationToken)
    {
        var server = arguments.GetValue(GlobalOptions.Server)!;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"--server '{server}' is not an address such as http://localhost:8081.");
        }

        var http = new HttpClient();
        var serviceToken = GlobalOptions.ReadServiceToken(arguments.CommandResult);
        var token = GlobalOptions.ReadToken(arguments.CommandResult);

        if (serviceToken?.Contains('\n') == true)
        {
            throw new UsageException(
                "The service token has a line break in it. `dotnet run` prints more than the token: use `dotnet run -v q`.");
        }

        // The authorization is the end user's at endpoints for the outside. At others it is for services, and the end user has a
        // header of their own.
        if ((string.IsNullOrEmpty(serviceToken) ? token : serviceToken) is { Length: > 0 } authorization)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {authorization}");
        }

        if (!string.IsNullOrEmpty(token))
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("x-end-user-token", token);
        }

        _channel = GrpcChannel.ForAddress(address, new() { HttpClient = http, DisposeHttpClient = true });
        Client = new(_channel);
        _owner = arguments.GetValue(GlobalOptions.Owner)!;
        Parent = ListNameOf(arguments.GetValue(GlobalOptions.List)!);
        Output = arguments.GetValue(GlobalOptions.Json)
            ? new JsonOutput(arguments.InvocationConfiguration.Output)
            : new TextOutput(arguments.InvocationConfiguration.Output);
        CancellationToken = cancellationToken;
    }

    public TodoService.TodoServiceClient Client { get; }

    public string Parent { get; }

    public IOutput Output { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>For a call that ends by itself.</summary>
    public CallOptions Call => new(deadline: DateTime.UtcNow + s_callTimeout, cancellationToken: CancellationToken);

    /// <summary>The full name of an item of the list; a full name stays as it is.</summary>
    public string NameOf(string id) => id.Contains('/') ? id : $"{Parent}/items/{id}";

    /// <summary>The full name of a list; a full name stays as it is.</summary>
    public string ListNameOf(string list) => list.Contains('/') ? list : $"owners/{_owner}/lists/{list}";

    public void Dispose() => _channel.Dispose();
}
