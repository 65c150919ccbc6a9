namespace MonoRepo.Deploy.Model;

/// <summary>A number or a name, as ports and percentages are.</summary>
internal readonly record struct IntOrString(int Number, string? Text)
{
    public static implicit operator IntOrString(int number) => new(number, null);

    public static implicit operator IntOrString(string text) => new(0, text);
}
