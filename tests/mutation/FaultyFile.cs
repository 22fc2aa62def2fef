using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bootstrapper.Mutation;

/// <summary>Puts every fault into a file, each behind a switch of its own.</summary>
/// <param name="first">The number of the first.</param>
/// <param name="without">Faults that do not compile. They keep their numbers.</param>
internal sealed class FaultyFile(string folder, string name, int first, IReadOnlySet<int> without) : CSharpSyntaxRewriter
{
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || IsOfNoConsequence(node))
        {
            return node;
        }

        var found = Mutation.Faults.Of(node).Select(fault => (Number: Number(node, fault.What), fault.Apply)).ToList();
        var variants = node is SwitchExpressionSyntax choice ? choice.Arms.Select(NumberedVariants).ToList() : [];
        var whole = base.Visit(node)!;
        if (whole is SwitchExpressionSyntax rewritten)
        {
            var arms = rewritten.Arms.SelectMany((arm, at) => (SwitchExpressionArmSyntax[])[.. variants[at], arm]);
            whole = rewritten.WithArms(SyntaxFactory.SeparatedList(arms));
        }

        foreach (var (number, apply) in found.Where(fault => !without.Contains(fault.Number)))
        {
            whole = apply(whole.WithoutTrivia(), number).WithTriviaFrom(whole);
        }

        return whole;
    }

    /// <summary>Before the arm itself: the same with another pattern, taken only while that fault is switched on.</summary>
    private List<SwitchExpressionArmSyntax> NumberedVariants(SwitchExpressionArmSyntax arm) =>
        [.. Mutation.Faults.Variants(arm.Pattern)
            .Select(pattern => (Number: Number(arm, $"{arm.Pattern} → {pattern}"), Pattern: pattern))
            .Where(variant => !without.Contains(variant.Number))
            .Select(variant => arm.WithPattern(variant.Pattern).WithWhenClause(Mutation.Faults.When(
                $"Bootstrapper.Mutant.Is({variant.Number}){(arm.WhenClause is { } when ? $" && ({when.Condition})" : "")}")))];

    private int Number(SyntaxNode node, string what)
    {
        var line = node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
        var number = first + _faults.Count;
        var words = what.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _faults.Add(new Fault(number, folder, $"{name}:{line}", string.Join(' ', words)));
        return number;
    }

    /// <summary>Texts for people, and what must be a constant.</summary>
    private static bool IsOfNoConsequence(SyntaxNode node) => node switch
    {
        ThrowStatementSyntax or ThrowExpressionSyntax => true,
        AttributeListSyntax or ParameterSyntax or EnumMemberDeclarationSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: IdentifierNameSyntax called } } =>
            called.Identifier.Text.StartsWith("Log", StringComparison.Ordinal),
        _ => false,
    };
}
