using System.Reflection;
using System.Reflection.Emit;

namespace GenSomAttn.Tests.Support;

/// <summary>
/// Which namespace uses which, read from compiled types: bases, members, signatures, attributes and the code of methods. Constants are
/// not found, because the compiler replaces them by their values.
/// </summary>
internal sealed class NamespaceGraph
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The first type that uses a type of another namespace, by user and used.</summary>
    private readonly Dictionary<(string User, string Used), Type> _edges = [];

    /// <summary>Reads the graph of the namespaces of some types; uses of other namespaces are left out.</summary>
    public NamespaceGraph(IReadOnlyCollection<Type> types)
    {
        Namespaces = [.. types.Select(type => type.Namespace!).Distinct().Order(StringComparer.Ordinal)];
        foreach (Type type in types)
        {
            foreach (Type used in UsedBy(type).SelectMany(Parts).Where(used => used.Assembly == type.Assembly))
            {
                if (used.Namespace != type.Namespace && Namespaces.Contains(used.Namespace))
                {
                    _edges.TryAdd((type.Namespace!, used.Namespace!), type);
                }
            }
        }
    }

    /// <summary>The namespaces, in alphabetical order.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>The edges that are part of a circle, with a type that causes each: "A -> B by T"; none if there is no circle.</summary>
    public IEnumerable<string> CircularEdges() => _edges.Where(edge => Reaches(edge.Key.Used, edge.Key.User))
        .Select(edge => $"{edge.Key.User} -> {edge.Key.Used} by {edge.Value.FullName}").Order(StringComparer.Ordinal);

    /// <summary>The namespaces that one uses directly.</summary>
    public IEnumerable<string> UsesOf(string user) => _edges.Keys.Where(edge => edge.User == user).Select(edge => edge.Used);

    private bool Reaches(string from, string to)
    {
        HashSet<string> reached = [from];
        Queue<string> open = new(reached);
        while (open.TryDequeue(out string? next) && next != to)
        {
            UsesOf(next).Where(reached.Add).ToList().ForEach(open.Enqueue);
        }

        return reached.Contains(to);
    }

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type?> bases = [type.BaseType, .. type.GetInterfaces()];
        IEnumerable<MemberInfo> members = type.GetMembers(All);
        IEnumerable<MethodBase> methods = members.OfType<MethodBase>();
        IEnumerable<CustomAttributeData> attributes = members.Prepend(type).SelectMany(member => member.CustomAttributes);
        return bases.OfType<Type>()
            .Concat(attributes.Select(attribute => attribute.AttributeType))
            .Concat(members.OfType<FieldInfo>().Select(field => field.FieldType))
            .Concat(methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(methods.OfType<MethodInfo>().Select(method => method.ReturnType))
            .Concat(type.GetGenericArguments().Concat(methods.SelectMany(ArgumentsOf)).SelectMany(Constraints))
            .Concat(methods.SelectMany(UsedByCode));
    }

    private static Type[] Constraints(Type argument) => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    private static Type[] ArgumentsOf(MethodBase method) => method is MethodInfo ? method.GetGenericArguments() : [];

    private static IEnumerable<Type> UsedByCode(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (int token in TokensIn(body.GetILAsByteArray()!))
        {
            MemberInfo member = method.Module.ResolveMember(token, method.DeclaringType!.GetGenericArguments(), ArgumentsOf(method))!;
            yield return member as Type ?? member.DeclaringType!;
            foreach (Type argument in member is MethodBase called ? ArgumentsOf(called) : [])
            {
                yield return argument;
            }
        }
    }

    /// <summary>The metadata tokens of the types, fields and methods in the code of a method (ECMA-335, III.1).</summary>
    private static IEnumerable<int> TokensIn(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            bool isLong = code[at] == OpCodes.Prefix1.Value;
            OpCode instruction = OpCodesByValue[isLong ? (short)((code[at] << 8) | code[at + 1]) : code[at]];
            at += instruction.Size;
            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    break;
                case OperandType.InlineSwitch:
                    at += 4 * BitConverter.ToInt32(code, at);
                    break;
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                _ => 4,
            };
        }
    }

    /// <summary>The definitions of the types that a type consists of: of an array its elements, of List(T) both List and T.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericParameter ? [] : type.GetGenericArguments().SelectMany(Parts).Prepend(type);
    }
}
