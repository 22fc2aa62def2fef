namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Commands whose results flow from one to the next, and the variables that take what comes out.</summary>
/// <param name="Variables">None, one, or for a loop two.</param>
/// <param name="Assigns">Whether they are changed (<c>=</c>) rather than made (<c>:=</c>).</param>
internal sealed record TemplatePipeline(Expression Value, IReadOnlyList<string> Variables, bool Assigns)
{
    /// <summary>Then nothing is printed.</summary>
    public bool Declares => Variables.Count > 0;

    public object? Run(Scope scope)
    {
        var value = Value(scope);
        if (Declares)
        {
            Set(scope, Variables[0], value);
        }

        return value;
    }

    /// <summary>A loop's variables are the item, or its key and the item.</summary>
    public void DeclareItem(Scope scope, KeyValuePair<object?, object?> item)
    {
        foreach (var (index, variable) in Variables.Index())
        {
            Set(scope, variable, index == Variables.Count - 1 ? item.Value : item.Key);
        }
    }

    private void Set(Scope scope, string variable, object? value)
    {
        if (Assigns)
        {
            scope.Assign(variable, value);
        }
        else
        {
            scope.Declare(variable, value);
        }
    }
}
