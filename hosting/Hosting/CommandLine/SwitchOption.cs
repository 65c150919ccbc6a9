using System.CommandLine;

namespace MonoRepo.Hosting;

/// <summary>The option that shows a switch of an integration in the help, and lets the parser accept it.</summary>
internal static class SwitchOption
{
    internal static Option Create(CommandLineSwitch added)
    {
        if (added.Values.Count == 0)
        {
            return new Option<bool>(added.Name) { Description = added.Description };
        }

        var option = new Option<string>(added.Name)
        {
            Description = added.Description,
            HelpName = string.Join('|', added.Values),
        };
        option.AcceptOnly([.. added.Values], StringComparer.OrdinalIgnoreCase);
        return option;
    }
}
