namespace Bootstrapper.Http.Operators;

/// <summary>A person or a program that has shown who it is.</summary>
internal sealed record Operator(string Name, OperatorRole Role)
{
    /// <summary>Whether an operator makes this request, of this role or above.</summary>
    public static bool Makes(HttpContext context, OperatorRole least = OperatorRole.Viewer) =>
        context.Features.Get<Operator>()?.Role >= least;

    /// <summary>Who makes this request, where that had to be known.</summary>
    public static Operator Of(HttpContext context) =>
        context.Features.Get<Operator>() ?? throw new InvalidOperationException("this endpoint is public");
}

/// <summary>What an operator may do; each may do what those before it may.</summary>
internal enum OperatorRole
{
    /// <summary>See everything but secrets.</summary>
    Viewer,

    /// <summary>Change what becomes of machines.</summary>
    Operator,

    /// <summary>Let data and records go.</summary>
    Admin,
}
