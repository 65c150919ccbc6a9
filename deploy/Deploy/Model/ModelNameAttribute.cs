namespace MonoRepo.Deploy.Model;

/// <summary>The name of a field in YAML where it is not the property's name with a small first letter.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ModelNameAttribute(string name) : Attribute
{
    /// <summary>The field's name.</summary>
    public string Name { get; } = name;
}

/// <summary>The field is written even when empty: <c>emptyDir: {}</c>, <c>ingress: []</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeepEmptyAttribute : Attribute;
