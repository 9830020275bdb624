"""Process files in the manner of other modellers, written for these tests."""

from __future__ import annotations

from yiwang.engines.bpmn.api import Problem, read_bpmn

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"

WEB_MODELLER = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:collaboration id="Pool_1"><bpmn:participant id="Seat_1" name="Office" processRef="Process_0abc" /></bpmn:collaboration>
  <bpmn:process id="Process_0abc" name="Leave" isExecutable="true" camunda:historyTimeToLive="30">
    <bpmn:laneSet id="Lanes"><bpmn:lane id="Lane_1" name="Desk"><bpmn:flowNodeRef>Ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:documentation>Somebody wants leave.</bpmn:documentation>
    <bpmn:startEvent id="Begin"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Ask" name="Ask&#10;the head" camunda:assignee="demo">
      <bpmn:extensionElements><zeebe:assignmentDefinition assignee="= head" /><zeebe:formDefinition formId="f" /></bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="Way" default="Flow_no"><bpmn:incoming>Flow_2</bpmn:incoming>
      <bpmn:outgoing>Flow_yes</bpmn:outgoing><bpmn:outgoing>Flow_long</bpmn:outgoing><bpmn:outgoing>Flow_no</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="Flow_no" name="no" sourceRef="Way" targetRef="Ended" />
    <bpmn:sequenceFlow id="Flow_long" name="long" sourceRef="Way" targetRef="Wait">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"><![CDATA[${days > 10}]]></bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_yes" name="yes" sourceRef="Way" targetRef="Each">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">= approved = true</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Begin" targetRef="Ask" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Ask" targetRef="Way" />
    <bpmn:intermediateCatchEvent id="Wait" name="A while"><bpmn:outgoing>Flow_3</bpmn:outgoing>
      <bpmn:timerEventDefinition id="T1"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT90M</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="Flow_3" sourceRef="Wait" targetRef="Each" />
    <bpmn:task id="Each" name="Tell"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
    <bpmn:boundaryEvent id="Late" name="late" cancelActivity="false" attachedToRef="Ask"><bpmn:outgoing>Flow_4</bpmn:outgoing>
      <bpmn:timerEventDefinition><bpmn:timeDuration>P1W</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="Flow_4" sourceRef="Late" targetRef="Ended" />
    <bpmn:sequenceFlow id="Flow_5" sourceRef="Each" targetRef="Ended" />
    <bpmn:endEvent id="Ended"><bpmn:messageEventDefinition messageRef="M1" /></bpmn:endEvent>
    <bpmn:textAnnotation id="Note"><bpmn:text>ask kindly</bpmn:text></bpmn:textAnnotation>
  </bpmn:process>
  <bpmn:message id="M1" name="leave decided" />
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="Pool_1">
    <bpmndi:BPMNShape id="Seat_1_di" bpmnElement="Seat_1"><dc:Bounds x="0" y="0" width="900" height="400" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="Begin_di" bpmnElement="Begin"><dc:Bounds x="152.5" y="82" width="36" height="36" />
      <bpmndi:BPMNLabel><dc:Bounds x="160" y="120" width="22" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="Ask_di" bpmnElement="Ask"><dc:Bounds x="240" y="60" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="Flow_1_di" bpmnElement="Flow_1"><di:waypoint x="188" y="100" /><di:waypoint x="240" y="100" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

NO_PREFIX = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:s="http://www.omg.org/spec/BPMN/20100524/MODEL"
 targetNamespace="t"><process id="Plain" name="Plain">
  <startEvent id="s"/><subProcess id="box" name="Box"><task id="inside" name="Inside"/></subProcess>
  <subProcess id="empty" name="Empty"/><intermediateThrowEvent id="pass"/><receiveTask id="hear" name="Hear"/>
  <s:serviceTask id="work" name="Work"/><boundaryEvent id="bad" attachedToRef="work"><errorEventDefinition errorRef="E"/></boundaryEvent>
  <task id="mend" name="Mend"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="box"/><sequenceFlow id="f2" sourceRef="box" targetRef="empty"/>
  <sequenceFlow id="f3" sourceRef="empty" targetRef="pass"/><sequenceFlow id="f4" sourceRef="pass" targetRef="hear"/>
  <sequenceFlow id="f5" sourceRef="hear" targetRef="work"/><sequenceFlow id="f6" sourceRef="work" targetRef="e"/>
  <sequenceFlow id="f7" sourceRef="bad" targetRef="mend"/><sequenceFlow id="f8" sourceRef="mend" targetRef="e"/>
 </process><error id="E" name="Broken" errorCode="BROKEN"/></definitions>"""


def file_of(inside: str, *, outside: str = "") -> bytes:
    """A file with this content in its process."""
    return (
        f'<definitions xmlns="{MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:yiwang="urn:yiwang:bpmn:1" targetNamespace="t">\n<process id="p">\n{inside}\n</process>{outside}</definitions>'
    ).encode()


def notes_of(xml: bytes) -> list[Problem]:
    return list(read_bpmn(xml).notes)


def own(name: str, value: str) -> bytes:
    """A task with one of our properties."""
    return file_of(
        f'<userTask id="x"><extensionElements><yiwang:property name="{name}">{value}</yiwang:property></extensionElements></userTask>'
    )
