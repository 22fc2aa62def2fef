using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Bootstrapper.Mutation;

/// <summary>What of a piece of source may be made wrong, and how.</summary>
internal static class Faults
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> Neighbours = Pairs(
        (SyntaxKind.LessThanExpression, SyntaxKind.LessThanOrEqualExpression),
        (SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanOrEqualExpression),
        (SyntaxKind.AddExpression, SyntaxKind.SubtractExpression),
        (SyntaxKind.MultiplyExpression, SyntaxKind.DivideExpression));

    private static readonly Dictionary<SyntaxKind, SyntaxKind> Relations = Pairs(
        (SyntaxKind.LessThanToken, SyntaxKind.LessThanEqualsToken),
        (SyntaxKind.GreaterThanToken, SyntaxKind.GreaterThanEqualsToken));

    private static readonly Dictionary<string, string> Opposites = Pairs(
        ("First", "Last"), ("FirstOrDefault", "LastOrDefault"), ("Any", "All"), ("Min", "Max"), ("MinBy", "MaxBy"),
        ("Take", "Skip"), ("TakeLast", "SkipLast"), ("StartsWith", "EndsWith"), ("OrderBy", "OrderByDescending"));

    private static readonly HashSet<string> Steps =
    [
        "Where", "OrderBy", "ThenBy", "Order", "Distinct", "DistinctBy", "Skip", "Take", "TakeLast", "Reverse", "Trim", "TrimEnd",
        "TrimStart", "ToLowerInvariant", "Append", "Concat", "Except", "Replace",
    ];

    /// <returns>What it becomes, from what it is with the faults inside it, and how that is told.</returns>
    public static IEnumerable<(string What, Func<SyntaxNode, int, SyntaxNode> Apply)> Of(SyntaxNode node) => node switch
    {
        ExpressionSyntax expression when IsValue(expression) => OfValue(expression),
        ExpressionStatementSyntax statement when !Declares(statement) => [($"without {statement}", Unless)],
        MethodDeclarationSyntax { ExpressionBody: not null } method when ReturnsNothing(method) => [("does nothing", DoNothing)],
        SwitchExpressionArmSyntax { Pattern: not DiscardPatternSyntax } arm => [($"without the arm {arm}", NeverTaken)],
        WhenClauseSyntax { Condition: var condition } => Forced(condition).Select(forced =>
            (forced.What, Clause((when, number) => when.WithCondition((ExpressionSyntax)forced.Apply(when.Condition, number))))),
        _ => [],
    };

    /// <summary>The same pattern with one thing less or another bound.</summary>
    public static IEnumerable<PatternSyntax> Variants(PatternSyntax pattern) =>
        pattern.DescendantNodesAndSelf().SelectMany(inner => Smaller(inner).Select(less => pattern.ReplaceNode(inner, less)))
            .Concat(pattern is BinaryPatternSyntax either ? [either.Left, either.Right] : []);

    private static IEnumerable<SyntaxNode> Smaller(SyntaxNode node) => node switch
    {
        RelationalPatternSyntax bound when Relations.TryGetValue(bound.OperatorToken.Kind(), out var other) =>
            [bound.WithOperatorToken(Token(other))],
        PropertyPatternClauseSyntax { Subpatterns: { Count: > 1 } all } clause =>
            all.Select(one => clause.WithSubpatterns(all.Remove(one))),
        BinaryPatternSyntax { Parent: SubpatternSyntax or UnaryPatternSyntax } either => [either.Left, either.Right],
        _ => [],
    };

    private static IEnumerable<(string, Func<SyntaxNode, int, SyntaxNode>)> OfValue(ExpressionSyntax expression)
    {
        foreach (var forced in IsCondition(expression) ? Forced(expression) : [])
        {
            yield return forced;
        }

        foreach (var other in Others(expression))
        {
            yield return ($"{expression} → {other}",
                (whole, number) => Parse($"(Bootstrapper.Mutant.Is({number}) ? {other} : {whole})"));
        }

        if (IsComparison(expression) && !IsCondition(expression))
        {
            yield return ($"not: {expression}", (whole, number) => Parse($"(Bootstrapper.Mutant.Is({number}) ^ ({whole}))"));
        }
    }

    private static IEnumerable<string> Others(ExpressionSyntax expression) => expression switch
    {
        BinaryExpressionSyntax two when !IsText(two.Left) && !IsText(two.Right)
            && Neighbours.TryGetValue(two.Kind(), out var other) => [$"{BinaryExpression(other, two.Left, two.Right)}"],
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } two => [$"{two.Left}"],
        LiteralExpressionSyntax { Token.Value: true } => ["false"],
        LiteralExpressionSyntax { Token.Value: false } => ["true"],
        LiteralExpressionSyntax { Token.Value: int or long or double } number => [$"{number} + 1"],
        IsPatternExpressionSyntax { Pattern: var pattern } match =>
            Variants(pattern).Select(other => $"{match.WithPattern(other)}"),
        WithExpressionSyntax { Initializer.Expressions: { Count: > 1 } all } copy =>
            all.Select(one => $"{copy.WithInitializer(copy.Initializer.WithExpressions(all.Remove(one)))}"),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: var name } member } call =>
            (Steps.Contains(name) ? [$"{member.Expression}"] : Enumerable.Empty<string>()).Concat(
                Opposites.TryGetValue(name, out var other)
                    ? [$"{call.WithExpression(member.WithName(IdentifierName(other)))}"]
                    : []),
        _ => [],
    };

    /// <summary>Always true, always false; only where a variable that it declares still has a value when it is read.</summary>
    private static IEnumerable<(string What, Func<SyntaxNode, int, SyntaxNode> Apply)> Forced(ExpressionSyntax condition)
    {
        var isOperandOfAnd = condition.Parent.IsKind(SyntaxKind.LogicalAndExpression);
        if (!isOperandOfAnd && !DeclaresUnderNot(condition) && condition is not LiteralExpressionSyntax)
        {
            yield return ($"never: {condition}", (whole, number) => Parse($"(!Bootstrapper.Mutant.Is({number}) && ({whole}))"));
        }

        if (!condition.Parent.IsKind(SyntaxKind.LogicalOrExpression) && condition.Parent is not WhileStatementSyntax
            && (!Declares(condition) || DeclaresUnderNot(condition)))
        {
            yield return ($"always: {condition}", (whole, number) => Parse($"(Bootstrapper.Mutant.Is({number}) || ({whole}))"));
        }
    }

    private static bool IsCondition(ExpressionSyntax expression) => expression.Parent switch
    {
        IfStatementSyntax statement => statement.Condition == expression,
        WhileStatementSyntax statement => statement.Condition == expression,
        ConditionalExpressionSyntax choice => choice.Condition == expression,
        BinaryExpressionSyntax two => two.IsKind(SyntaxKind.LogicalAndExpression) || two.IsKind(SyntaxKind.LogicalOrExpression),
        _ => false,
    };

    private static bool IsComparison(ExpressionSyntax expression) => expression is IsPatternExpressionSyntax
        || (expression is BinaryExpressionSyntax two && two.OperatorToken.Kind() is SyntaxKind.EqualsEqualsToken
            or SyntaxKind.ExclamationEqualsToken or SyntaxKind.LessThanToken or SyntaxKind.GreaterThanToken
            or SyntaxKind.LessThanEqualsToken or SyntaxKind.GreaterThanEqualsToken);

    private static bool IsValue(ExpressionSyntax expression) => expression is not (TypeSyntax or DeclarationExpressionSyntax)
        && expression.Parent is not (ExpressionStatementSyntax or NameColonSyntax)
        && expression.Parent is not (ConstantPatternSyntax or RelationalPatternSyntax);

    private static bool IsText(ExpressionSyntax expression) =>
        expression is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { Token.Value: string };

    private static bool ReturnsNothing(MethodDeclarationSyntax method) => method.ReturnType.ToString() switch
    {
        "void" => true,
        "Task" => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    private static bool Declares(SyntaxNode node) => node.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Any();

    private static bool DeclaresUnderNot(ExpressionSyntax condition) =>
        condition.DescendantNodesAndSelf().Any(node =>
            (node is UnaryPatternSyntax || node.IsKind(SyntaxKind.LogicalNotExpression)) && Declares(node));

    private static SyntaxNode Unless(SyntaxNode statement, int number) =>
        ParseStatement($"{{ if (!Bootstrapper.Mutant.Is({number})) {{ {statement} }} }}\n");

    private static SyntaxNode DoNothing(SyntaxNode node, int number)
    {
        var method = (MethodDeclarationSyntax)node;
        var body = ParseStatement($"{{ if (!Bootstrapper.Mutant.Is({number})) {{ {method.ExpressionBody!.Expression}; }} }}\n");
        return method.WithExpressionBody(null).WithSemicolonToken(default).WithBody((BlockSyntax)body);
    }

    private static SyntaxNode NeverTaken(SyntaxNode node, int number)
    {
        var arm = (SwitchExpressionArmSyntax)node;
        var rest = arm.WhenClause is { } when ? $" && ({when.Condition})" : "";
        return arm.WithWhenClause(When($"!Bootstrapper.Mutant.Is({number}){rest}"));
    }

    public static WhenClauseSyntax When(string condition) =>
        WhenClause(
            Token(SyntaxKind.WhenKeyword).WithLeadingTrivia(Space).WithTrailingTrivia(Space), ParseExpression($"{condition} "));

    private static Func<SyntaxNode, int, SyntaxNode> Clause(Func<WhenClauseSyntax, int, SyntaxNode> change) =>
        (node, number) => change((WhenClauseSyntax)node, number);

    private static ExpressionSyntax Parse(string text) => ParseExpression(text);

    private static Dictionary<T, T> Pairs<T>(params (T One, T Other)[] pairs)
        where T : notnull =>
        pairs.Concat(pairs.Select(pair => (pair.Other, pair.One))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}
