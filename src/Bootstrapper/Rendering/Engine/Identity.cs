using System.Collections.Frozen;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// Tells whether a template only prints who a node is, or decides by it: <c>{{ Hostname }}</c> makes two nodes' texts differ in
/// that name alone, <c>{{ if Hostname == "a" }}</c> in anything. In doubt it decides: what is printed into a variable may be
/// compared afterwards.
/// </summary>
internal static class Identity
{
    /// <summary>What models call the things that differ between nodes which are otherwise described alike.</summary>
    internal static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        nameof(NodeModel.Hostname),
        nameof(NodeModel.Mac),
        nameof(NodeModel.IP),
        nameof(NodeModel.Serial),
        nameof(NodeModel.Crt),
        nameof(NodeModel.Key),
        nameof(NodeModel.PkiFiles),
        nameof(NodeModel.ReportURL),
        nameof(NodeModel.KubernetesFiles),
        nameof(NodeModel.APIServerHosts),
        nameof(NodeModel.StaticAddress),
        nameof(NodeModel.NetworkFiles),
        nameof(NodeModel.OtherAPIServers),
        nameof(NodeModel.EtcdHost),
        nameof(NodeModel.EtcdListen),
        nameof(NodeModel.OtherEtcdEndpoints),
        "HostName", // install.sh
        "For", // pxelinux
        "Held",
        "File");

    /// <summary>They give back what they are given, quoted.</summary>
    private static readonly FrozenSet<string> Quoting = FrozenSet.Create(StringComparer.Ordinal, "yaml", "json", "sh", "indent");

    public static bool Decides(ScriptNode template) =>
        Within(template).Any(node =>
            node is ScriptThisExpression or ScriptCaptureStatement or ScriptWrapStatement or ScriptFunction
            || (node is ScriptFunctionCall { Target: ScriptVariable { Name: "include" or "include_join" } } && !IsPrinted(node)))
        || Uses(template, Names.Contains).Any(use => !IsPrinted(use));

    private static IEnumerable<ScriptVariable> Uses(ScriptNode template, Func<string, bool> isIdentity) =>
        Within(template).OfType<ScriptVariable>().Where(variable => isIdentity(variable.Name!) && !IsMember(variable));

    /// <summary><c>Key</c> in <c>label.Key</c> is another.</summary>
    private static bool IsMember(ScriptVariable variable) =>
        variable.Parent is ScriptMemberExpression parent && ReferenceEquals(parent.Member, variable);

    /// <summary>Whether there is a value at all is the same for all nodes that are described alike.</summary>
    private static bool IsPrinted(ScriptNode use) => use.Parent switch
    {
        ScriptExpressionStatement => true,
        ScriptIfStatement => use is ScriptVariable,
        ScriptForStatement loop when ReferenceEquals(loop.Iterator, use) => IsPrinted(loop),
        ScriptMemberExpression member when ReferenceEquals(member.Target, use) => IsPrinted(member),
        ScriptNestedExpression or ScriptList<ScriptExpression> => IsPrinted(use.Parent),
        ScriptFunctionCall { Target: ScriptVariable { Name: { } function } target } call =>
            !ReferenceEquals(target, use) && Quoting.Contains(function) && IsPrinted(call),
        _ => false,
    };

    private static bool IsPrinted(ScriptForStatement loop) => loop.Variable is ScriptVariable each
        && Uses(loop.Body!, name => name == each.Name).All(IsPrinted);

    private static IEnumerable<ScriptNode> Within(ScriptNode node) =>
        Enumerable.Range(0, node.ChildrenCount).Select(node.GetChildren).OfType<ScriptNode>().SelectMany(Within).Prepend(node);
}
