using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Puppylog.Tests.Architecture;

/// <summary>
/// Which types each type of an assembly names: in its bases, signatures, attributes and in the instructions of its
/// methods (ECMA-335, II.22–23 and III). Constants are copied by the compiler and leave no trace.
/// </summary>
sealed class TypeReferenceReader : IDisposable
{
    static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    readonly PEReader _file;
    readonly MetadataReader _metadata;

    public TypeReferenceReader(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public IEnumerable<string> AssemblyReferences =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>Every type of the assembly with the types that it names, nested ones under the outermost type's name.</summary>
    public IEnumerable<(NamedType From, IReadOnlySet<NamedType> To)> ReadAll()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var names = new NameCollector();
            VisitDefinition(handle, names);
            yield return (names.Name(_metadata, handle), names.Found);
        }
    }

    public void Dispose() => _file.Dispose();

    void VisitDefinition(TypeDefinitionHandle handle, NameCollector names)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Visit(type.BaseType, names);
        Visit(type.GetCustomAttributes(), names);
        Visit(type.GetGenericParameters(), names);
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            Visit(_metadata.GetInterfaceImplementation(implemented).Interface, names);
        }

        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            field.DecodeSignature(names, null);
            Visit(field.GetCustomAttributes(), names);
        }

        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            Visit(property.GetCustomAttributes(), names);
        }

        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
        {
            method.DecodeSignature(names, null);
            Visit(method.GetCustomAttributes(), names);
            Visit(method.GetGenericParameters(), names);
            if (method.RelativeVirtualAddress != 0)
            {
                VisitBody(_file.GetMethodBody(method.RelativeVirtualAddress), names);
            }
        }
    }

    void VisitBody(MethodBodyBlock body, NameCollector names)
    {
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
        }

        foreach (var region in body.ExceptionRegions)
        {
            Visit(region.CatchType, names);
        }

        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            ushort instruction = code.ReadByte();
            if (instruction == 0xFE)
            {
                instruction = (ushort)(0xFE00 | code.ReadByte());
            }

            switch (Operands[instruction])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok:
                    Visit(MetadataTokens.EntityHandle(code.ReadInt32()), names);
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    void Visit(EntityHandle handle, NameCollector names)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                names.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeReference:
                names.GetTypeFromReference(_metadata, (TypeReferenceHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                names.GetTypeFromSpecification(_metadata, null, (TypeSpecificationHandle)handle, 0);
                break;
            case HandleKind.MethodDefinition:
                Visit(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), names);
                break;
            case HandleKind.FieldDefinition:
                Visit(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType(), names);
                break;
            case HandleKind.MemberReference:
                Visit(_metadata.GetMemberReference((MemberReferenceHandle)handle), names);
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Visit(generic.Method, names);
                generic.DecodeSignature(names, null);
                break;
        }
    }

    void Visit(MemberReference member, NameCollector names)
    {
        Visit(member.Parent, names);
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            member.DecodeFieldSignature(names, null);
        }
        else
        {
            member.DecodeMethodSignature(names, null);
        }
    }

    void Visit(CustomAttributeHandleCollection attributes, NameCollector names)
    {
        foreach (var attribute in attributes)
        {
            Visit(_metadata.GetCustomAttribute(attribute).Constructor, names);
        }
    }

    void Visit(GenericParameterHandleCollection parameters, NameCollector names)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
        {
            Visit(_metadata.GetGenericParameterConstraint(constraint).Type, names);
        }
    }
}
