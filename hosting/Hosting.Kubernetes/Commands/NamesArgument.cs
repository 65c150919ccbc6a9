using System.CommandLine;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Any number of names on the command line.</summary>
internal static class NamesArgument
{
    public static Argument<string[]> Create(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        // The parser takes an option that it doesn't know for a name.
        argument.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-')))
            {
                result.AddError($"Unrecognized option '{option}'.");
            }
        });
        return argument;
    }
}
