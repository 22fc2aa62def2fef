namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>
/// What the names in an action stand for while it runs: one for the template, and one for each branch and turn of a loop.
/// </summary>
/// <param name="parent"><c>null</c> for the template's own, whose dot is what <c>$</c> stands for.</param>
internal sealed class Scope(Scope? parent, object? dot)
{
    private readonly Dictionary<string, object?> _variables = parent is null
        ? new(StringComparer.Ordinal) { ["$"] = dot }
        : new(StringComparer.Ordinal);

    public object? Dot => dot;

    public Scope Inner() => new(this, dot);

    public Scope Inner(object? otherDot) => new(this, otherDot);

    public void Declare(string variable, object? value) => _variables[variable] = value;

    /// <summary>That there is such a variable was checked when the template was read.</summary>
    public object? Get(string variable) => _variables.TryGetValue(variable, out var value) ? value : parent?.Get(variable);

    public void Assign(string variable, object? value)
    {
        if (_variables.ContainsKey(variable))
        {
            _variables[variable] = value;
        }
        else
        {
            parent?.Assign(variable, value);
        }
    }
}
