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
        where !BootVariables.Names.Contains(use.Name) && !use.Variables.ContainsKey(use.Name)
        select use.Argument.Error($"there is no variable '{Printable.Escaped(use.Name)}'{Guess(use.Name, use.Variables)}");

    /// <summary>An argument ends where a space is, and more than that could begin there.</summary>
    public static IEnumerable<Problem> VariablesFitIntoArguments(Draft draft) =>
        from use in Uses(draft)
        where use.Variables.TryGetValue(use.Name, out var value) && !TextSyntax.KernelArgument.TryRead($"x{value}", out _)
        select use.Argument.Error($"the value of {use.Name} does not fit into an argument: only ASCII without spaces does");

    private static IEnumerable<(Stated<string> Argument, string Name, IReadOnlyDictionary<string, string> Variables)> Uses(
        Draft draft) =>
        from node in draft.Nodes.Select(node => node.Whole).OfType<Section>()
        from argument in node.List(BootKeys.Args)
        from name in BootVariables.In(argument.Value)
        select (argument, name, node.Table(TraitKeys.Variables));

    private static string Guess(string name, IReadOnlyDictionary<string, string> variables) =>
        Spelling.Nearest(name, BootVariables.Names.Concat(variables.Keys)) is { } nearest
            ? $"; did you mean {nearest}?"
            : "";
}
