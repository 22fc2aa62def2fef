using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Operators;

/// <summary>What is not done, but for an admin who insists.</summary>
internal static class Forcible
{
    /// <summary>Says in a way that programs understand, too, that it can be forced.</summary>
    /// <param name="why">With what to do instead.</param>
    public static ProblemHttpResult Refuse(string why) => TypedResults.Problem(
        why,
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["forcible"] = true });
}
