using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What machines boot over the network.</summary>
internal static class BootRules
{
    /// <summary>A loader would hand a misspelt variable to the kernel as it stands.</summary>
    public static IEnumerable<Problem> VariablesAreKnown(Draft draft) =>
        from use in Uses(draft)
        where !BootVariables.Names.Contains(use.Name) && !use.Traits.Variables.ContainsKey(use.Name)
        select use.Argument.Error($"there is no variable '{Printable.Escaped(use.Name)}'{Guess(use.Name, use.Traits)}");

    /// <summary>An argument ends where a space is, and more than that could begin there.</summary>
    public static IEnumerable<Problem> VariablesFitIntoArguments(Draft draft) =>
        from use in Uses(draft)
        where use.Traits.Variables.TryGetValue(use.Name, out var value) && !TextSyntax.KernelArgument.TryRead($"x{value}", out _)
        select use.Argument.Error($"'{use.Traits.Variables[use.Name]}', the value of {use.Name}, "
            + "does not fit into an argument: only ASCII without spaces does");

    private static IEnumerable<(Stated<string> Argument, string Name, Traits Traits)> Uses(Draft draft) =>
        from node in draft.Nodes
        let traits = draft.TraitsOf(node)
        from argument in traits?.Boot?.Args ?? []
        from name in BootVariables.In(argument.Value)
        select (argument, name, traits);

    private static string Guess(string name, Traits traits) =>
        Spelling.Nearest(name, BootVariables.Names.Concat(traits.Variables.Keys)) is { } nearest
            ? $"; did you mean {nearest}?"
            : "";
}
