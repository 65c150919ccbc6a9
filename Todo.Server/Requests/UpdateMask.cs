using Google.Protobuf.WellKnownTypes;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Server.Requests;

/// <summary>Which fields of an item an update changes, after AIP-134.</summary>
public static class UpdateMask
{
    private static readonly string[] Content = ["title", "notes", "due_time"];
    private static readonly string[] Updatable = [.. Content, "state"];

    /// <summary>The paths of a mask; the content's where there is none. An unknown or read-only one is a violation.</summary>
    public static IReadOnlyList<string> Read(FieldMask? mask, Violations violations)
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return Content;
        }

        if (mask.Paths.Contains("*"))
        {
            return Updatable;
        }

        foreach (var path in mask.Paths.Except(Updatable))
        {
            violations.Add("update_mask", $"'{path}' cannot be updated; {string.Join(", ", Updatable)} can");
        }

        return mask.Paths;
    }

    /// <summary>Copies the fields that the paths name.</summary>
    public static void Apply(IReadOnlyList<string> paths, Item from, Item to)
    {
        foreach (var path in paths)
        {
            switch (path)
            {
                case "title":
                    to.Title = from.Title;
                    break;
                case "notes":
                    to.Notes = from.Notes;
                    break;
                case "due_time":
                    to.DueTime = from.DueTime;
                    break;
                case "state":
                    to.State = from.State;
                    break;
            }
        }
    }
}
