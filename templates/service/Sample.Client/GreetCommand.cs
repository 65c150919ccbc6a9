using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Sample.V1;

namespace MonoRepo.Sample.Client;

/// <summary>The command line. Exit codes: 0 done, 1 failed, 2 bad usage.</summary>
public static class GreetCommand
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads the arguments and calls the server.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        error ??= Console.Error;
        var name = new Argument<string>("name") { Description = "Whom to greet." };
        name.Validators.Add(result =>
        {
            // The parser takes an option that it doesn't know for a name.
            if (result.Tokens is [{ Value: ['-', ..] option }])
            {
                result.AddError($"Unrecognized option '{option}'.");
            }
        });
        var known = Environment.GetEnvironmentVariable("services__kebab-name-server__grpc__0");
        var server = new Option<string>("--server", "-s")
        {
            Description = "Address of the server: the URL grpc of kebab-name-server in the dashboard.",
            HelpName = "URL",
            Required = known is null,
        };
        if (known is not null)
        {
            server.DefaultValueFactory = _ => known;
        }

        server.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https"))
            {
                result.AddError("--server is not an address such as http://127.0.0.1:40935.");
            }
        });
        var root = new RootCommand("Calls Sample.Server.") { name, server };
        root.SetAction(async (arguments, cancellationToken) =>
        {
            // dotnet run -v q --project AppHost -- token kebab-name-server
            var http = new HttpClient();
            if (Environment.GetEnvironmentVariable("Access__Token") is { Length: > 0 } token)
            {
                http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            }

            using var channel = GrpcChannel.ForAddress(
                arguments.GetValue(server)!, new() { HttpClient = http, DisposeHttpClient = true });
            var response = await new SampleService.SampleServiceClient(channel).GreetAsync(
                new() { Name = arguments.GetValue(name)! }, deadline: DateTime.UtcNow + s_callTimeout,
                cancellationToken: cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(response.Text);
        });

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"{parsed.Errors[0].Message} See --help.");
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(
                new() { Output = output ?? Console.Out, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (RpcException exception)
        {
            await error.WriteLineAsync($"{exception.StatusCode}: {exception.Status.Detail}");
            return exception.StatusCode == StatusCode.InvalidArgument ? 2 : 1;
        }
    }
}
