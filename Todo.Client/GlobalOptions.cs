using System.CommandLine;
using System.CommandLine.Parsing;

namespace MonoRepo.Todo.Client;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    public static Option<string> Server { get; } = new("--server", "-s")
    {
        Description = "Address of the server.",
        DefaultValueFactory = _ =>
            Environment.GetEnvironmentVariable("services__todo-server__grpc__0") ?? "http://localhost:8081",
        Recursive = true,
    };

    public static Option<string?> ServiceToken { get; } = new("--service-token")
    {
        Description =
            "Token with which the server lets you in: dotnet run -v q --project AppHost -- token todo-server. Default: " +
            "$Access__Token.",
        Recursive = true,
    };

    public static Option<string?> Token { get; } = new("--token")
    {
        Description = "Token of an OpenID provider that says who you are. Default: $TODO_TOKEN.",
        Recursive = true,
    };

    public static Option<string> Owner { get; } = new("--owner", "-o")
    {
        Description = "Whose list. Default: your own; without a token, that of your name on this machine.",
        DefaultValueFactory = result => string.IsNullOrEmpty(ReadToken(result)) ? Label(Environment.UserName) : "me",
        Recursive = true,
    };

    public static Option<string> List { get; } = new("--list", "-l")
    {
        Description = "Which list; owners/OWNER/lists/LIST for one that is shared with you.",
        DefaultValueFactory = _ => "inbox",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "One JSON object a line instead of a table.",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Server);
        root.Options.Add(ServiceToken);
        root.Options.Add(Token);
        root.Options.Add(Owner);
        root.Options.Add(List);
        root.Options.Add(Json);
    }

    /// <summary>The token that lets the caller in. A default value of the option would be printed by the help.</summary>
    public static string? ReadServiceToken(SymbolResult result) =>
        (result.GetValue(ServiceToken) ?? Environment.GetEnvironmentVariable("Access__Token"))?.Trim();

    /// <summary>The end user's token.</summary>
    public static string? ReadToken(SymbolResult result) =>
        (result.GetValue(Token) ?? Environment.GetEnvironmentVariable("TODO_TOKEN"))?.Trim();

    /// <summary>A user's name as an id of the service.</summary>
    internal static string Label(string name)
    {
        var label = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        label = label.Length > 0 && char.IsAsciiLetter(label[0]) ? label : "u-" + label;
        return label[..Math.Min(label.Length, 63)].TrimEnd('-');
    }
}
