using Google.Protobuf.WellKnownTypes;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Server.Requests;

/// <summary>Which fields of an item an update changes, after AIP-134.</summary>
public static class UpdateMask
{
    private static readonly string[] s_content = ["title", "notes", "due_time"];
    private static readonly string[] s_updatable = [.. s_content, "state"];

    /// <summary>The paths of a mask; the content's where there is none. An unknown or read-only one is a violation.</summary>
    public static IReadOnlyList<string> Read(FieldMask? mask, Violations violations)
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return s_content;
        }

        if (mask.Paths.Contains("*"))
        {
            return s_updatable;
        }

        foreach (var path in mask.Paths.Except(s_updatable))
        {
            violations.Add("update_mask", $"'{path}' cannot be updated; {string.Join(", ", s_updatable)} can");
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
