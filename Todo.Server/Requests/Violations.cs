using Google.Protobuf.WellKnownTypes;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.Todo.V1;
using static MonoRepo.Todo.V1.ListPolicy.Types.Binding.Types;

namespace MonoRepo.Todo.Server.Requests;

/// <summary>The checks of this service's requests.</summary>
public sealed class Violations : BadRequest
{
    /// <summary>The longest title, in UTF-16 code units.</summary>
    public const int TitleLimit = 200;

    /// <summary>The longest notes, in UTF-16 code units.</summary>
    public const int NotesLimit = 4000;

    /// <summary>With how many users a list can be shared.</summary>
    public const int PolicyLimit = 100;

    /// <summary>The longest subject of a user.</summary>
    public const int UserLimit = CallContext.MaxLength;

    /// <summary>The name of a list.</summary>
    public ListName? List(string field, string value) =>
        Check(ListName.TryParse(value), field,
            $"'{value}' is not owners/{{owner}}/lists/{{list}}, where each part is {ResourceId.Rule}");

    /// <summary>The name of an item.</summary>
    public ItemName? Item(string field, string value) =>
        Check(ItemName.TryParse(value), field,
            $"'{value}' is not owners/{{owner}}/lists/{{list}}/items/{{item}}, where each part is {ResourceId.Rule}");

    /// <summary>An id that the caller may choose; empty: a new one.</summary>
    public string NewId(string field, string value)
    {
        if (value.Length == 0)
        {
            return ResourceId.New();
        }

        if (!ResourceId.IsValid(value))
        {
            Add(field, $"'{value}' is not {ResourceId.Rule}");
        }

        return value;
    }

    /// <summary>A UUID or nothing; in lower case, null for nothing.</summary>
    public string? Uuid(string field, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (Guid.TryParseExact(value, "D", out var uuid))
        {
            return uuid.ToString("D");
        }

        Add(field, $"'{value}' is not a UUID in its form with hyphens");
        return null;
    }

    /// <summary>A token that this service gave out for the same scope; null for none.</summary>
    public long? Token(string field, string scope, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (Position.TryDecode(scope, value) is { } sequence)
        {
            return sequence;
        }

        Add(field, $"'{value}' is not a token that was given out for {scope}");
        return null;
    }

    /// <summary>The fields that a caller sets, where <paramref name="paths"/> names them.</summary>
    public void Content(string field, Item item, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            switch (path)
            {
                case "title" when string.IsNullOrWhiteSpace(item.Title) || item.Title.Length > TitleLimit:
                    Add($"{field}.title",
                        $"has {item.Title.Length} characters; 1 to {TitleLimit}, not only white space, are allowed");
                    break;
                case "notes" when item.Notes.Length > NotesLimit:
                    Add($"{field}.notes", $"has {item.Notes.Length} characters; at most {NotesLimit} are allowed");
                    break;
                case "due_time" when item.DueTime is { } due && !IsValid(due):
                    Add($"{field}.due_time", "is not between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z");
                    break;
                case "state" when item.State is not (V1.Item.Types.State.Open or V1.Item.Types.State.Completed):
                    Add($"{field}.state", $"'{item.State}' is not STATE_OPEN or STATE_COMPLETED");
                    break;
            }
        }
    }

    /// <summary>With whom a list is to be shared.</summary>
    public void Policy(string field, ListPolicy policy)
    {
        if (policy.Bindings.Count > PolicyLimit)
        {
            Add($"{field}.bindings", $"has {policy.Bindings.Count} users; at most {PolicyLimit} are allowed");
        }

        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, binding) in policy.Bindings.Index())
        {
            if (binding.User.Length is 0 or > UserLimit)
            {
                Add($"{field}.bindings[{index}].user", $"has {binding.User.Length} characters; 1 to {UserLimit} are allowed");
            }
            else if (!users.Add(binding.User))
            {
                Add($"{field}.bindings[{index}].user", $"'{binding.User}' is there twice");
            }

            if (binding.Role is not (Role.Reader or Role.Writer))
            {
                Add($"{field}.bindings[{index}].role", $"'{binding.Role}' is not ROLE_READER or ROLE_WRITER");
            }
        }
    }

    /// <summary>The bounds of google.protobuf.Timestamp.</summary>
    private static bool IsValid(Timestamp time) =>
        time.Seconds is >= -62_135_596_800 and <= 253_402_300_799 && time.Nanos is >= 0 and <= 999_999_999;

    private T? Check<T>(T? parsed, string field, string description)
        where T : class
    {
        if (parsed is null)
        {
            Add(field, description);
        }

        return parsed;
    }
}
